/** Random inputs for every operator of the catalogue, and the agreement of all number systems on them. */
package plumbline.properties.operator;
