/* A product of matrices of doubles by OpenBLAS, one thread. */
#include "peer.h"

#include <cblas.h>
#include <math.h>

struct matrix {
  long rows;
  long columns;
  double *entries;
};

struct product {
  struct matrix a;
  struct matrix b;
  struct matrix c;
};

static void product(void *context) {
  struct product *p = context;
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, p->a.rows, p->b.columns, p->a.columns, 1, p->a.entries, p->a.columns,
      p->b.entries, p->b.columns, 0, p->c.entries, p->c.columns);
}

static struct matrix read_matrix(FILE *in) {
  struct matrix a;
  next_matrix(in, &a.rows, &a.columns);
  if (posix_memalign((void **) &a.entries, 64, sizeof(double) * a.rows * a.columns) != 0) {
    fail("out of memory");
  }
  for (long k = 0; k < a.rows * a.columns; k++) {
    char *m;
    char *r;
    long e;
    long s;
    next_entry(in, &m, &e, &r, &s);
    a.entries[k] = ldexp((double) strtoll(m, NULL, 16), (int) e);
  }
  return a;
}

int main(int count, char **arguments) {
  if (count != 5 || strcmp(arguments[1], "product") != 0) {
    fail("usage: blas product INPUT OUTPUT SECONDS");
  }
  long digits;
  long bits;
  FILE *in = open_input(arguments[2], &digits, &bits);
  openblas_set_num_threads(1);
  struct product p;
  p.a = read_matrix(in);
  p.b = read_matrix(in);
  p.c.rows = p.a.rows;
  p.c.columns = p.b.columns;
  if (posix_memalign((void **) &p.c.entries, 64, sizeof(double) * p.c.rows * p.c.columns) != 0) {
    fail("out of memory");
  }
  measure(product, &p, atof(arguments[4]));
  char version[32];
  char library[128];
  if (sscanf(openblas_get_config(), "OpenBLAS %31s", version) != 1) {
    fail("the library does not name its version");
  }
  snprintf(library, sizeof library, "OpenBLAS %s for %s", version, openblas_get_corename());
  FILE *out = open_output(arguments[3], library, p.c.rows, p.c.columns);
  for (long k = 0; k < p.c.rows * p.c.columns; k++) {
    int e;
    double fraction = frexp(p.c.entries[k], &e);
    long long m = (long long) ldexp(fraction, 53);
    fprintf(out, "%s\"%s%llx %d 0 0\"", k == 0 ? "\n" : ",\n", m < 0 ? "-" : "", m < 0 ? -m : m, e - 53);
  }
  close_output(out);
  return 0;
}
