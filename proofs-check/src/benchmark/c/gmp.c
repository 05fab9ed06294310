/* The exact product of two integers by GMP. */
#include "peer.h"

#include <gmp.h>

static mpz_t a;
static mpz_t b;
static mpz_t c;

static void multiply(void *context) {
  (void) context;
  mpz_mul(c, a, b);
}

static long read_factor(FILE *in, mpz_t x) {
  long rows;
  long columns;
  char *m;
  char *r;
  long e;
  long s;
  next_matrix(in, &rows, &columns);
  next_entry(in, &m, &e, &r, &s);
  if (mpz_init_set_str(x, m, 16) != 0) {
    fail("not an integer");
  }
  return e;
}

int main(int count, char **arguments) {
  if (count != 5 || strcmp(arguments[1], "multiply") != 0) {
    fail("usage: gmp multiply INPUT OUTPUT SECONDS");
  }
  long digits;
  long bits;
  FILE *in = open_input(arguments[2], &digits, &bits);
  long exponent = read_factor(in, a);
  exponent += read_factor(in, b);
  mpz_init2(c, 2 * bits + 64);
  measure(multiply, NULL, atof(arguments[4]));
  char library[64];
  snprintf(library, sizeof library, "GMP %s", gmp_version);
  FILE *out = open_output(arguments[3], library, 1, 1);
  char *m = mpz_get_str(NULL, 16, c);
  fprintf(out, "\"%s %ld 0 0\"", m, exponent);
  close_output(out);
  return 0;
}
