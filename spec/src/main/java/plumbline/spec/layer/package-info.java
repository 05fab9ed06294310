/** What a layer is: a map between matrices, or between token maps, written once for every number system. */
package plumbline.spec.layer;
