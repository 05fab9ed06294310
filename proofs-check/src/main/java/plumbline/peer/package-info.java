/** Other implementations that run in the same process, to be judged. */
package plumbline.peer;
