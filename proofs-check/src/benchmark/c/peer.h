/*
 * What the peers in C share: the text of inputs, the clock, and the JSON of results.
 *
 * Input: a line "digits bits", then matrices, each a line "matrix NAME ROWS COLUMNS" and a line "M E R S" per entry, in rows: the
 * number M * 2^E known up to R * 2^S, with M and R in hexadecimal. Output: {"library", "seconds" (of one operation, a number per
 * sample), "rows", "columns", "entries" (the same four numbers)}.
 */
#ifndef PEER_H
#define PEER_H

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *line;
static size_t line_size;

static void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(2);
}

static FILE *open_input(const char *path, long *digits, long *bits) {
  FILE *in = fopen(path, "r");
  if (in == NULL || getline(&line, &line_size, in) < 0 || sscanf(line, "%ld %ld", digits, bits) != 2) {
    fail("cannot read the input");
  }
  return in;
}

static void next_matrix(FILE *in, long *rows, long *columns) {
  if (getline(&line, &line_size, in) < 0 || sscanf(line, "matrix %*s %ld %ld", rows, columns) != 2) {
    fail("expected a matrix");
  }
}

/* The parts point into a buffer that the next call overwrites. */
static void next_entry(FILE *in, char **m, long *e, char **r, long *s) {
  char *rest;
  char *exponent;
  if (getline(&line, &line_size, in) < 0) {
    fail("expected an entry");
  }
  *m = strtok_r(line, " \n", &rest);
  exponent = strtok_r(NULL, " \n", &rest);
  *r = strtok_r(NULL, " \n", &rest);
  char *radius_exponent = strtok_r(NULL, " \n", &rest);
  if (radius_exponent == NULL) {
    fail("expected four numbers");
  }
  *e = strtol(exponent, NULL, 10);
  *s = strtol(radius_exponent, NULL, 10);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

#define MOST_SAMPLES 64
/* Seconds of one operation that takes no turns. */
#define SLOW 5
static double samples[MOST_SAMPLES];
static int sample_count;

static void answer(const char *word) {
  puts(word);
  fflush(stdout);
}

static double seconds_of(long operations, void (*work)(void *), void *context) {
  double start = now();
  for (long k = 0; k < operations; k++) {
    work(context);
  }
  return now() - start;
}

/*
 * Takes turns with others. Warms up, which shows how many operations take about that many seconds, and says "ready"; then does so many
 * for each line of standard input and says "done", until the input ends. Where one operation is slow, the first one was the only
 * sample: it says "slow", and takes no turns.
 */
static void measure(void (*work)(void *), void *context, double seconds) {
  long operations = 1;
  double spent = seconds_of(operations, work, context);
  if (spent > SLOW) {
    samples[sample_count++] = spent;
    answer("slow");
    return;
  }
  while (spent < seconds / 2) {
    operations *= 2;
    spent = seconds_of(operations, work, context);
  }
  answer("ready");
  while (sample_count < MOST_SAMPLES && getline(&line, &line_size, stdin) >= 0) {
    samples[sample_count++] = seconds_of(operations, work, context) / operations;
    answer("done");
  }
}

static FILE *open_output(const char *path, const char *library, long rows, long columns) {
  FILE *out = fopen(path, "w");
  if (out == NULL) {
    fail("cannot write the output");
  }
  fprintf(out, "{\"library\": \"%s\",\n\"seconds\": [", library);
  for (int k = 0; k < sample_count; k++) {
    fprintf(out, "%s%.9e", k == 0 ? "" : ", ", samples[k]);
  }
  fprintf(out, "],\n\"rows\": %ld, \"columns\": %ld, \"entries\": [", rows, columns);
  return out;
}

static void close_output(FILE *out) {
  fprintf(out, "]}\n");
  if (ferror(out) || fclose(out) != 0) {
    fail("cannot write the output");
  }
}

#endif
