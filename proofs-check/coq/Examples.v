(** The definitions of Definitions.v on small rational inputs, with the results that the layers of the Java reference
    return: exactly, and within 10^-18 where there are exponentials. This file is written by CoqExamples.java; a test
    compares the two. *)

From Coq Require Import Reals List.
From Plumbline Require Import Definitions Evaluation.
Import ListNotations.
Open Scope R_scope.

(** def-3.2, literal(bspline, origin 0, zero), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_0_zero :
  to_rows 12 2 (up_interpolation bspline 0 Zero 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[8 / 27; -11 / 36]; [8 / 27; -11 / 36]; [83 / 108; 289 / 144]; [83 / 108; 289 / 144]; [8 / 27; -11 / 36]; [8 / 27;
  -11 / 36]; [83 / 108; 289 / 144]; [83 / 108; 289 / 144]; [-41 / 54; 1 / 36]; [-41 / 54; 1 / 36]; [167 / 108; 19 / 36];
  [167 / 108; 19 / 36]].
Proof. evaluate. Qed.

(** def-3.2, literal(bspline, origin 0, replicate), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_0_replicate :
  to_rows 12 2 (up_interpolation bspline 0 Replicate 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[13 / 27; -95 / 144]; [13 / 27; -95 / 144]; [29 / 27; 461 / 144]; [29 / 27; 461 / 144]; [13 / 27; -95 / 144];
  [13 / 27; -95 / 144]; [29 / 27; 461 / 144]; [29 / 27; 461 / 144]; [-37 / 27; 5 / 144]; [-37 / 27; 5 / 144]; [67 / 27;
  97 / 144]; [67 / 27; 97 / 144]].
Proof. evaluate. Qed.

(** def-3.2, literal(bspline, origin 0, reflect), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_0_reflect :
  to_rows 12 2 (up_interpolation bspline 0 Reflect 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[10 / 27; 5 / 18]; [10 / 27; 5 / 18]; [29 / 27; 65 / 36]; [29 / 27; 65 / 36]; [10 / 27; 5 / 18]; [10 / 27; 5 / 18];
  [29 / 27; 65 / 36]; [29 / 27; 65 / 36]; [-4 / 27; 2 / 9]; [-4 / 27; 2 / 9]; [37 / 27; 17 / 18]; [37 / 27; 17 / 18]].
Proof. evaluate. Qed.

(** def-3.2, literal(bspline, origin 1, zero), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_1_zero :
  to_rows 12 2 (up_interpolation bspline 1 Zero 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[1 / 36; -1 / 18]; [7 / 54; -1 / 12]; [7 / 54; -1 / 12]; [11 / 108; 1 / 2]; [1 / 36; -31 / 144]; [8 / 27; -11 / 36];
  [8 / 27; -11 / 36]; [83 / 108; 289 / 144]; [-11 / 36; -1 / 36]; [-41 / 54; 1 / 36]; [-41 / 54; 1 / 36]; [167 / 108;
  19 / 36]].
Proof. evaluate. Qed.

(** def-3.2, literal(bspline, origin 1, replicate), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_1_replicate :
  to_rows 12 2 (up_interpolation bspline 1 Replicate 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[1; -2]; [17 / 18; -5 / 6]; [17 / 18; -5 / 6]; [13 / 18; 23 / 6]; [1 / 3; -13 / 8]; [13 / 27; -95 / 144]; [13 / 27;
  -95 / 144]; [29 / 27; 461 / 144]; [-7 / 3; -1 / 8]; [-37 / 27; 5 / 144]; [-37 / 27; 5 / 144]; [67 / 27; 97 / 144]].
Proof. evaluate. Qed.

(** def-3.2, literal(bspline, origin 1, reflect), from 2×2 to 3×4 pixels *)
Theorem interpolation_bspline_1_reflect :
  to_rows 12 2 (up_interpolation bspline 1 Reflect 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[37 / 27; 17 / 18]; [-4 / 27; 2 / 9]; [-4 / 27; 2 / 9]; [37 / 27; 17 / 18]; [29 / 27; 65 / 36]; [10 / 27; 5 / 18];
  [10 / 27; 5 / 18]; [29 / 27; 65 / 36]; [37 / 27; 17 / 18]; [-4 / 27; 2 / 9]; [-4 / 27; 2 / 9]; [37 / 27; 17 / 18]].
Proof. evaluate. Qed.

(** def-3.2, standard(bspline), from 2×3 to 3×5 pixels *)
Theorem interpolation_bspline_standard :
  to_rows 15 1 (standard_interpolation bspline 2 3 3 5 (of_rows [[1]; [2 / 3]; [-3]; [4]; [1 / 2]; [-7]])) =
  [[1800403 / 1458000]; [5683931 / 5832000]; [1967 / 23328]; [-9693811 / 5832000]; [-1108577 / 364500]; [5257 / 2250];
  [14627 / 9000]; [-1 / 36]; [-23443 / 9000]; [-5089 / 1125]; [5012669 / 1458000]; [13272661 / 5832000];
  [-3263 / 23328]; [-20688317 / 5832000]; [-437819 / 72900]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 0, zero), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_0_zero :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 0 Zero 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [-3; 1 / 4]; [-3; 1 / 4]; [4; 0];
  [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 0, replicate), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_0_replicate :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 0 Replicate 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4;
  0]])) =
  [[1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [-3; 1 / 4]; [-3; 1 / 4]; [4; 0];
  [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 0, reflect), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_0_reflect :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 0 Reflect 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]]))
  =
  [[1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [1; -2]; [1; -2]; [2 / 3; 5]; [2 / 3; 5]; [-3; 1 / 4]; [-3; 1 / 4]; [4; 0];
  [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 1, zero), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_1_zero :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 1 Zero 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]])) =
  [[0; 0]; [0; 0]; [0; 0]; [0; 0]; [0; 0]; [1; -2]; [1; -2]; [2 / 3; 5]; [0; 0]; [-3; 1 / 4]; [-3; 1 / 4]; [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 1, replicate), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_1_replicate :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 1 Replicate 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4;
  0]])) =
  [[1; -2]; [1; -2]; [1; -2]; [2 / 3; 5]; [1; -2]; [1; -2]; [1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [-3; 1 / 4]; [-3; 1 / 4];
  [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, literal(keys(-3/4), origin 1, reflect), from 2×2 to 3×4 pixels *)
Theorem interpolation_keys_1_reflect :
  to_rows 12 2 (up_interpolation (keys (-3 / 4)) 1 Reflect 2 2 3 4 (of_rows [[1; -2]; [2 / 3; 5]; [-3; 1 / 4]; [4; 0]]))
  =
  [[4; 0]; [-3; 1 / 4]; [-3; 1 / 4]; [4; 0]; [2 / 3; 5]; [1; -2]; [1; -2]; [2 / 3; 5]; [4; 0]; [-3; 1 / 4]; [-3; 1 / 4];
  [4; 0]].
Proof. evaluate. Qed.

(** def-3.2, standard(keys(-3/4)), from 2×3 to 3×5 pixels *)
Theorem interpolation_keys_standard :
  to_rows 15 1 (standard_interpolation (keys (-3 / 4)) 2 3 3 5 (of_rows [[1]; [2 / 3]; [-3]; [4]; [1 / 2]; [-7]])) =
  [[26827 / 36000]; [413401 / 432000]; [1177 / 1728]; [-589001 / 432000]; [-17837 / 6000]; [671 / 250]; [259 / 120];
  [7 / 12]; [-1783 / 600]; [-692 / 125]; [166421 / 36000]; [1451399 / 432000]; [839 / 1728]; [-1978519 / 432000];
  [-9719 / 1200]].
Proof. evaluate. Qed.

(** def-3.4, scales 1×1, 2×2 and 3×3 *)
Theorem pyramid_3 :
  to_rows 14 1 (pyramid (of_sides [1; 2; 3]%nat) (of_sides [1; 2; 3]%nat) (literal_phi bspline 0 Replicate (of_sides [1;
  2; 3]%nat) (of_sides [1; 2; 3]%nat)) 2 (of_rows [[3 / 2]]) (of_rows [[-1]; [2]; [1 / 3]; [0]; [-4]])) =
  [[3 / 2]; [-1]; [-1]; [-1]; [-1]; [143 / 108]; [143 / 108]; [-5 / 108]; [143 / 108]; [143 / 108]; [-5 / 108];
  [-29 / 108]; [-29 / 108]; [-289 / 108]].
Proof. evaluate. Qed.

(** def-b.5, residual, three tokens of width 2, three hidden neurons *)
Theorem feed_forward_residual :
  to_rows 3 2 (feed_forward 2 3 (of_rows [[1; -2]; [1 / 2; 1]; [-1; 1 / 3]]) (of_entries [1 / 3; -1; 0]) (of_rows [[1;
  2; -1]; [3; 4; 1 / 5]]) (of_entries [1 / 7; 2]) (of_rows [[1; 2 / 3]; [-3; 4]; [5; -1 / 2]])) =
  [[31 / 21; 10 / 3]; [-88 / 21; 193 / 15]; [283 / 21; 49 / 2]].
Proof. evaluate. Qed.

(** def-b.5, plain, three tokens of width 2, three hidden neurons *)
Theorem feed_forward_without :
  to_rows 3 2 (feed_forward_plain 2 3 (of_rows [[1; -2]; [1 / 2; 1]; [-1; 1 / 3]]) (of_entries [1 / 3; -1; 0]) (of_rows
  [[1; 2; -1]; [3; 4; 1 / 5]]) (of_entries [1 / 7; 2]) (of_rows [[1; 2 / 3]; [-3; 4]; [5; -1 / 2]])) =
  [[10 / 21; 8 / 3]; [-25 / 21; 133 / 15]; [178 / 21; 25]].
Proof. evaluate. Qed.

(** def-b.1, three vectors of four scores *)
Theorem softmax_rows :
  enclosed (1 / 1000000000000000000) (to_rows 3 4 (fun i => softmax 4 ((of_rows [[1 / 2; -3; 4; 0]; [1 / 3; 1 / 3;
  1 / 3; 1 / 3]; [-30; 2; -1 / 7; 5]]) i)))
  [[14387586619708751 / 500000000000000000; 868934939354329 / 1000000000000000000;
  952902867012978957 / 1000000000000000000; 4363256202062303 / 250000000000000000]; [1 / 4; 1 / 4; 1 / 4; 1 / 4];
  [597 / 1000000000000000000; 47163457403528819 / 1000000000000000000; 5533177492703719 / 1000000000000000000;
  189460673020753373 / 200000000000000000]].
Proof. enclose. Qed.

(** def-b.3, three tokens of width 2 *)
Theorem attention_3_2 :
  enclosed (1 / 1000000000000000000) (to_rows 3 2 (attention 3 2 (of_rows [[1; -1 / 2]; [1 / 3; 2]]) (of_rows [[-1;
  1 / 4]; [1; 1 / 2]]) (of_rows [[2; 1]; [-1 / 3; 3]]) (of_rows [[1; 2 / 3]; [-1; 1 / 2]; [0; -3 / 2]])))
  [[-780481098383916667 / 500000000000000000; 161351987330162531 / 200000000000000000];
  [1215706378790376703 / 1000000000000000000; 61932955768995611 / 62500000000000000];
  [225983232160713461 / 500000000000000000; -269505945357045163 / 62500000000000000]].
Proof. enclose. Qed.

(** def-3.9, two heads of size 1 with a residual, three tokens of width 2 *)
Theorem heads_2 :
  enclosed (1 / 1000000000000000000) (to_rows 3 2 (run 3 2 (Heads true 1 [Head (of_rows [[1 / 2]; [1]]) (of_rows [[1];
  [-1]]) (of_rows [[2]; [1 / 3]]) (of_rows [[1; -1 / 2]]); Head (of_rows [[1]; [-1 / 4]]) (of_rows [[1 / 3]; [2]])
  (of_rows [[-1]; [1]]) (of_rows [[1 / 5; 3]])]) (of_rows [[1; 2 / 3]; [-1; 1 / 2]; [0; -3 / 2]])))
  [[1050729852969469817 / 1000000000000000000; 627293871110791423 / 500000000000000000];
  [-165792934903678523 / 125000000000000000; -238817382147959293 / 62500000000000000];
  [-153143267816744323 / 100000000000000000; -3233458132996877 / 500000000000000000]].
Proof. enclose. Qed.

(** def-3.6, scales 1×1 and 2×2, width 1, two feed-forward layers a block *)
Theorem transformer_2 :
  to_rows 5 1 (var_class (of_sides [1; 2]%nat) (of_sides [1; 2]%nat) 1 (literal_phi bspline 0 Zero (of_sides [1; 2]%nat)
  (of_sides [1; 2]%nat)) (fun r => nth r [[FeedForward false 1 (of_rows [[2]]) (of_entries [1 / 4]) (of_rows [[1]])
  (of_entries [1 / 5]); FeedForward true 1 (of_rows [[2]]) (of_entries [1 / 4]) (of_rows [[-1 / 3]]) (of_entries
  [1 / 5])]; [FeedForward false 1 (of_rows [[1 / 2]]) (of_entries [1 / 4]) (of_rows [[1]]) (of_entries [1 / 5]);
  FeedForward true 1 (of_rows [[1 / 2]]) (of_entries [1 / 4]) (of_rows [[-1 / 3]]) (of_entries [1 / 5])]] nil) 1
  (of_rows [[3 / 4]])) =
  [[193 / 240]; [2053 / 3240]; [2053 / 3240]; [2053 / 3240]; [2053 / 3240]].
Proof. evaluate. Qed.
