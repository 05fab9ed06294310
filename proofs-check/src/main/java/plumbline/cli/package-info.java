/** The command line: one class for each subcommand, and the certified comparison that {@code check} reports. */
package plumbline.cli;
