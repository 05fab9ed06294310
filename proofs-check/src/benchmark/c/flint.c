/* Products, exponentials and a layer of attention in ball arithmetic by FLINT 3, or by FLINT 2 with Arb: one thread. */
#include "peer.h"

#if __has_include(<flint/arb_mat.h>)
#include <flint/arb_mat.h>
#include <flint/flint.h>
#define VERSION "FLINT " FLINT_VERSION
#else
#include <arb_mat.h>
#include <flint/flint.h>
#define VERSION "FLINT " FLINT_VERSION ", Arb " ARB_VERSION
#endif

static slong prec;

static void read_matrix(FILE *in, arb_mat_t a) {
  long rows;
  long columns;
  next_matrix(in, &rows, &columns);
  arb_mat_init(a, rows, columns);
  fmpz_t mantissa;
  fmpz_t exponent;
  arf_t radius;
  fmpz_init(mantissa);
  fmpz_init(exponent);
  arf_init(radius);
  for (long i = 0; i < rows; i++) {
    for (long j = 0; j < columns; j++) {
      char *m;
      char *r;
      long e;
      long s;
      next_entry(in, &m, &e, &r, &s);
      fmpz_set_str(mantissa, m, 16);
      fmpz_set_si(exponent, e);
      arf_set_fmpz_2exp(arb_midref(arb_mat_entry(a, i, j)), mantissa, exponent);
      fmpz_set_str(mantissa, r, 16);
      fmpz_set_si(exponent, s);
      arf_set_fmpz_2exp(radius, mantissa, exponent);
      arf_get_mag(arb_radref(arb_mat_entry(a, i, j)), radius);
    }
  }
  arf_clear(radius);
  fmpz_clear(exponent);
  fmpz_clear(mantissa);
}

static void write_number(FILE *out, const arf_t x) {
  fmpz_t mantissa;
  fmpz_t exponent;
  fmpz_init(mantissa);
  fmpz_init(exponent);
  arf_get_fmpz_2exp(mantissa, exponent, x);
  char *m = fmpz_get_str(NULL, 16, mantissa);
  char *e = fmpz_get_str(NULL, 10, exponent);
  fprintf(out, "%s %s", m, e);
  flint_free(m);
  flint_free(e);
  fmpz_clear(exponent);
  fmpz_clear(mantissa);
}

static void write_result(const char *path, const arb_mat_t a) {
  FILE *out = open_output(path, VERSION, arb_mat_nrows(a), arb_mat_ncols(a));
  arf_t radius;
  arf_init(radius);
  for (slong i = 0; i < arb_mat_nrows(a); i++) {
    for (slong j = 0; j < arb_mat_ncols(a); j++) {
      if (!arb_is_finite(arb_mat_entry(a, i, j))) {
        fail("a result is not finite");
      }
      fprintf(out, i + j == 0 ? "\n\"" : ",\n\"");
      write_number(out, arb_midref(arb_mat_entry(a, i, j)));
      fprintf(out, " ");
      arf_set_mag(radius, arb_radref(arb_mat_entry(a, i, j)));
      write_number(out, radius);
      fprintf(out, "\"");
    }
  }
  arf_clear(radius);
  close_output(out);
}

struct product {
  arb_mat_t a;
  arb_mat_t b;
  arb_mat_t c;
};

static void product(void *context) {
  struct product *p = context;
  arb_mat_mul(p->c, p->a, p->b, prec);
}

struct map {
  arb_mat_t a;
  arb_mat_t c;
};

static void exponential(void *context) {
  struct map *p = context;
  for (slong i = 0; i < arb_mat_nrows(p->a); i++) {
    for (slong j = 0; j < arb_mat_ncols(p->a); j++) {
      arb_exp(arb_mat_entry(p->c, i, j), arb_mat_entry(p->a, i, j), prec);
    }
  }
}

/* exp(Q K^T) V with each row divided by the sum of its weights; Q = X W_Q, K = X W_K, V = X W_V. */
struct attention {
  arb_mat_t x;
  arb_mat_t wq;
  arb_mat_t wk;
  arb_mat_t wv;
  arb_mat_t q;
  arb_mat_t k;
  arb_mat_t kt;
  arb_mat_t v;
  arb_mat_t scores;
  arb_mat_t y;
  arb_t sum;
};

static void attention(void *context) {
  struct attention *p = context;
  slong n = arb_mat_nrows(p->x);
  slong d = arb_mat_ncols(p->x);
  arb_mat_mul(p->q, p->x, p->wq, prec);
  arb_mat_mul(p->k, p->x, p->wk, prec);
  arb_mat_mul(p->v, p->x, p->wv, prec);
  arb_mat_transpose(p->kt, p->k);
  arb_mat_mul(p->scores, p->q, p->kt, prec);
  for (slong i = 0; i < n; i++) {
    for (slong j = 0; j < n; j++) {
      arb_exp(arb_mat_entry(p->scores, i, j), arb_mat_entry(p->scores, i, j), prec);
    }
  }
  arb_mat_mul(p->y, p->scores, p->v, prec);
  for (slong i = 0; i < n; i++) {
    arb_zero(p->sum);
    for (slong j = 0; j < n; j++) {
      arb_add(p->sum, p->sum, arb_mat_entry(p->scores, i, j), prec);
    }
    arb_inv(p->sum, p->sum, prec);
    for (slong j = 0; j < d; j++) {
      arb_mul(arb_mat_entry(p->y, i, j), arb_mat_entry(p->y, i, j), p->sum, prec);
    }
  }
}

int main(int count, char **arguments) {
  if (count != 5) {
    fail("usage: flint product|exp|attention INPUT OUTPUT SECONDS");
  }
  const char *task = arguments[1];
  double seconds = atof(arguments[4]);
  long digits;
  long bits;
  FILE *in = open_input(arguments[2], &digits, &bits);
  prec = bits;
  flint_set_num_threads(1);
  if (strcmp(task, "product") == 0) {
    struct product p;
    read_matrix(in, p.a);
    read_matrix(in, p.b);
    arb_mat_init(p.c, arb_mat_nrows(p.a), arb_mat_ncols(p.b));
    measure(product, &p, seconds);
    write_result(arguments[3], p.c);
  } else if (strcmp(task, "exp") == 0) {
    struct map p;
    read_matrix(in, p.a);
    arb_mat_init(p.c, arb_mat_nrows(p.a), arb_mat_ncols(p.a));
    measure(exponential, &p, seconds);
    write_result(arguments[3], p.c);
  } else if (strcmp(task, "attention") == 0) {
    struct attention p;
    read_matrix(in, p.x);
    read_matrix(in, p.wq);
    read_matrix(in, p.wk);
    read_matrix(in, p.wv);
    slong n = arb_mat_nrows(p.x);
    slong d = arb_mat_ncols(p.x);
    arb_mat_init(p.q, n, d);
    arb_mat_init(p.k, n, d);
    arb_mat_init(p.kt, d, n);
    arb_mat_init(p.v, n, d);
    arb_mat_init(p.scores, n, n);
    arb_mat_init(p.y, n, d);
    arb_init(p.sum);
    measure(attention, &p, seconds);
    write_result(arguments[3], p.y);
  } else {
    fail("the task must be product, exp or attention");
  }
  return 0;
}
