/** Properties: claims paired with arbitrary inputs, and the campaigns that check them on random cases. */
package plumbline.properties;
