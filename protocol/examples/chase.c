/* Chase: a hare runs to and fro on a line, and a hound stays as close to it as it can.
 *
 *   observation  Box [2]: hare minus hound, -4 to 4; how far the hare just ran, -0.1 to 0.1
 *   action       Discrete 3: the hound runs 0.1 to the left, waits, runs 0.1 to the right
 *   reward       minus the distance        start  hare and hound anywhere from -1 to 1
 *   end          truncated after 50 steps, never terminated          best mean return  about -5.5
 *
 * A complete Gymwire 1 server (protocol/SPEC.md, section 1) in C99 without a JSON library: it finds
 * members with string functions, as clause 1.3 allows.      cc -std=c99 -O2 -o chase chase.c -lm */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 50, LONGEST = 65536 };
static const char *HELLO =
    "\"version\":1,\"role\":\"env\",\"server\":{\"name\":\"chase\",\"version\":\"1\"},\"max_line\":65536,"
    "\"spec\":{\"id\":\"Chase-v1\",\"max_episode_steps\":50},"
    "\"obs_space\":{\"type\":\"Box\",\"shape\":[2],\"dtype\":\"float32\",\"low\":[-4,-0.1],\"high\":[4,0.1]},"
    "\"action_space\":{\"type\":\"Discrete\",\"n\":3}";
static char line[LONGEST + 2], op[32];
static long long id;  /* -1: could not be read */
static uint64_t generator;

static double uniform(void) {  /* splitmix64; from -1 to 1 */
  uint64_t z = generator += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return ((z ^ z >> 31) >> 11) * 0x1p-52 - 1;
}

static int is(const char *name) { return !strcmp(op, name); }

static const char *member(const char *quoted) {  /* the text after "name": or NULL */
  const char *found = strstr(line, quoted);
  return found && strncmp(found + strlen(quoted), "null", 4) ? found + strlen(quoted) : NULL;
}

static int integer(const char *text, double most, double *value) {
  char *end;
  *value = strtod(text, &end);
  return end > text && (*end == ',' || *end == '}') && *value >= 0 && *value <= most && *value == floor(*value);
}

static int read_line(void) {  /* its length, or -1 at the end of the input; a longer one is read to its end and not kept */
  int c, length = 0;
  while ((c = getchar()) != EOF && c != '\n')
    if (length <= LONGEST) line[length++] = (char)(c ? c : 1);  /* a NUL would end the text, and is no JSON either */
  if (length && line[length - 1] == '\r') length--;
  line[length] = 0;
  return c == EOF && !length ? -1 : length;
}

static void reply(const char *members) {
  if (id < 0) printf("{\"id\":null"); else printf("{\"id\":%lld", id);
  printf("%s%s}\n", *members ? "," : "", members);
  fflush(stdout);
}

static void refuse(const char *code, const char *message) {
  char error[200];
  snprintf(error, sizeof error, "\"error\":{\"code\":\"%s\",\"message\":\"%s\"}", code, message);
  reply(error);
}

static int speaks_version_1(const char *list) {
  for (char *end = NULL; *list && *list != ']'; list = end > list ? end : list + 1)
    if (strtod(list, &end) == 1) return 1;
  return 0;
}

int main(void) {
  int ready = 0, running = 0, steps = 0, length;
  double hare = 0, hound = 0, value;
  char text[200];
  while ((length = read_line()) >= 0) {
    id = -1;
    if (length > LONGEST) {
      refuse("too_large", "the line is longer than 65536 bytes");
      continue;
    }
    if (!line[strspn(line, " \t")]) continue;
    int begun = *op = 0;  /* where the op begins, which may be empty */
    sscanf(line, "{\"id\":%lld,\"op\":\"%n%31[^\"]", &id, &begun, op);
    char *options = strstr(line, ",\"options\":");  /* may hold names that are also ours */
    if (options) strcpy(options, "}");
    const char *versions = member("\"versions\":"), *action = strstr(line, "\"action\":"), *seed = member("\"seed\":");

    if (line[0] != '{' || line[strlen(line) - 1] != '}') refuse("bad_json", "the line is not a JSON object");
    else if (!begun || id < 0) refuse("bad_message", "a request begins with an id and an op");
    else if (is("hello") && (ready || !versions || *versions != '[')) refuse("bad_message", "hello comes once and needs versions");
    else if (is("step") && !action) refuse("bad_message", "step needs an action");
    else if (!is("hello") && !is("reset") && !is("step") && !is("close")) refuse("unknown_op", "there is no such op");
    else if (is("hello")) {
      ready = speaks_version_1(versions);
      if (ready) reply(HELLO);
      else reply("\"error\":{\"code\":\"unsupported_version\",\"message\":\"this server speaks version 1\",\"data\":{\"versions\":[1]}}");
    } else if (!ready) refuse("not_ready", "say hello first");
    else if (is("close")) {
      reply("");
      return 0;
    } else if (is("reset") && seed && !integer(seed, 9007199254740991.0, &value))
      refuse("bad_seed", "a seed is an integer from 0 to 2^53-1");
    else if (is("reset")) {
      if (seed) generator = (uint64_t)value;
      hare = uniform(), hound = uniform(), steps = 0, running = 1;
      snprintf(text, sizeof text, "\"obs\":[%.9g,0]", hare - hound);
      reply(text);
    } else if (!running) refuse("needs_reset", "no episode is running: send reset before step");
    else if (!integer(action + strlen("\"action\":"), 2, &value)) refuse("bad_action", "the action is outside Discrete(n=3)");
    else {
      double ran = fmin(2, fmax(-2, hare + 0.1 * uniform())) - hare;
      hare += ran;
      hound = fmin(2, fmax(-2, hound + 0.1 * (value - 1)));
      running = ++steps < LIMIT;
      snprintf(text, sizeof text, "\"obs\":[%.9g,%.9g],\"reward\":%.9g,\"terminated\":false,\"truncated\":%s",
               hare - hound, ran, -fabs(hare - hound), running ? "false" : "true");
      reply(text);
    }
  }
  return 0;
}
