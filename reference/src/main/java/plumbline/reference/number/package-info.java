/** The number systems: exact rationals, binary64, apfloat, and certified enclosures at any precision. */
package plumbline.reference.number;
