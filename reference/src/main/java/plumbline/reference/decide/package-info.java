/** The precision ladder that decides an inequality: a fast enclosure first, more bits only where it cannot separate. */
package plumbline.reference.decide;
