// getopt_long, whose global variables Swift does not let us touch.
#ifndef LUDI_OPTIONS_H
#define LUDI_OPTIONS_H
#include <getopt.h>

// The next option of a command line: its `val`, -1 behind the last one, '?' or ':' for one that is wrong.
// `place` is the index of the argument looked at (0 at first), `value` what the option was given (or NULL),
// `known` the `val` of an option that is wrong (or 0).
static inline int ludi_next_option(int count, char *const *words, const char *letters,
                                   const struct option *table, int *place, const char **value, int *known) {
  optind = *place;
  opterr = 0;
  optarg = 0;
  optopt = 0;
  int found = getopt_long(count, words, letters, table, 0);
  *place = optind;
  *value = optarg;
  *known = optopt;
  return found;
}
#endif
