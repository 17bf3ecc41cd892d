/* fermata_activity.h: the plain C door between the Fermata engine and an activity plugin (a shared library that does work for it).
 *
 * A plugin exports ONE symbol, `fermata_plugin_v1`, which returns a descriptor with its activities. The host calls an activity's
 * `execute` on a thread of its own pool; the activity reports exactly one outcome through the host's table, then returns.
 *
 *   static void hello(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* call,
 *                     const fermata_call_info* info) {
 *     host->complete(call, fermata_string_of("{\"greeting\":\"hello\"}"));
 *   }
 *
 * Rules of this file, which VERSIONING.md explains:
 *  - Every struct starts with `struct_size`, set by whoever fills it. New members are only ever added at the end. Read a member
 *    of a struct the other side filled only if FERMATA_HAS says that it is there.
 *  - Text is pointer plus length, UTF-8, not necessarily zero-terminated. It is valid only during the call that passes it.
 *  - Input, headers, configuration and output are JSON text. Numbers are exact decimals: do not force them through a double.
 *  - No exception may cross this door in either direction. C++ plugins use activities/sdk, which fences them.
 *  - All times are milliseconds. Points in time are Unix time in UTC.
 */
#ifndef FERMATA_ACTIVITY_H
#define FERMATA_ACTIVITY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A version is band * 1000 + revision. Inside a band everything stays binary compatible; a new revision only adds at the end. */
#define FERMATA_ABI_BAND 1
#define FERMATA_ABI_VERSION 1000
/* The oldest revision of the band on which a plugin compiled with this header can run, if it checks FERMATA_HAS for the rest. */
#define FERMATA_ABI_VERSION_BASE 1000

#define FERMATA_PLUGIN_SYMBOL "fermata_plugin_v1"

#if defined(_WIN32)
#define FERMATA_EXPORT __declspec(dllexport)
#else
#define FERMATA_EXPORT __attribute__((visibility("default")))
#endif

/* Whether the other side's struct `pointer` is long enough to hold `member`. */
#define FERMATA_HAS(pointer, type, member) ((pointer)->struct_size >= offsetof(type, member) + sizeof((pointer)->member))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fermata_string {
  const char* data;
  size_t size;
} fermata_string;

static inline fermata_string fermata_string_of(const char* zero_terminated) {
  fermata_string text;
  text.data = zero_terminated;
  text.size = strlen(zero_terminated);
  return text;
}

/* How safe it is to run the same activity again when nobody knows whether the last run took effect. Values are stable. */
#define FERMATA_REPEAT_NONE 0   /* a repeat may act twice: after an ambiguous outcome the engine raises an incident instead */
#define FERMATA_REPEAT_NATIVE 1 /* repeating changes nothing more (a read, a PUT of a whole record) */
#define FERMATA_REPEAT_KEY 2    /* the other side deduplicates by the idempotency key that the activity passes on */
#define FERMATA_REPEAT_LOOKUP 3 /* the activity has `lookup`, which finds out whether the last run took effect */

#define FERMATA_LOG_DEBUG 0
#define FERMATA_LOG_INFO 1
#define FERMATA_LOG_WARN 2
#define FERMATA_LOG_ERROR 3

/* Answers of the host's functions. */
#define FERMATA_OK 0
#define FERMATA_ERROR_ALREADY_REPORTED 1 /* this call has its outcome already (also: its deadline has passed); nothing was changed */
#define FERMATA_ERROR_INVALID 2          /* an argument is not what this file asks for; nothing was changed */
#define FERMATA_ERROR_NOT_FOUND 3        /* no such secret */
#define FERMATA_ERROR_UNAVAILABLE 4      /* the host does not offer this (no expression language configured) */
#define FERMATA_ERROR_EVALUATION 5       /* the expression is wrong or failed; the reason was given to `receive` */

/* One run of one job: the host's, opaque, valid until `execute` or `lookup` returns. */
typedef struct fermata_call fermata_call;

typedef struct fermata_call_info {
  size_t struct_size;
  int64_t job_key;
  int32_t attempt;                /* 1 for the first run of this job, then 2, 3, ... */
  int32_t maybe_executed;         /* not 0: an earlier run may have taken effect */
  fermata_string type;            /* the job type under which the call came */
  fermata_string idempotency_key; /* the same for all runs of one activation of an element; pass it on to the other side */
  fermata_string process_id;
  fermata_string element_id;
  fermata_string input_json;   /* an object: the mapped variables, or all if none is mapped; the author's secrets resolved */
  fermata_string headers_json; /* an object of strings: the static headers of the model */
  int64_t deadline_unix_ms;    /* an outcome reported later is dropped */
  int64_t timeout_ms;          /* what was left until the deadline when the call started; waiting does not count */
} fermata_call_info;

typedef struct fermata_failure {
  size_t struct_size;
  fermata_string message; /* one sentence for the person who can mend it: what, where, what to do */
  fermata_string detail;  /* as long as useful: the other side's answer, the place in the input */
  int32_t retryable;      /* not 0: the same input may work later */
  int32_t ambiguous;      /* not 0: the other side may have acted although no answer came */
  int64_t retry_after_ms; /* when to try again, as asked by the other side; negative: not said */
  int32_t code;           /* a status in the manner of HTTP, or 0 */
  int32_t reserved;
} fermata_failure;

typedef struct fermata_bpmn_error {
  size_t struct_size;
  fermata_string code;           /* matched with the error code of boundary events; not empty */
  fermata_string message;
  fermata_string variables_json; /* an object, or empty */
} fermata_bpmn_error;

/* Receives text during a call of a host function. `context` is what the caller passed along. */
typedef void (*fermata_receive)(void* context, fermata_string text);

/* What the host offers to a running call. All functions may be called from any thread until `execute` or `lookup` returns. */
typedef struct fermata_host_api {
  size_t struct_size;
  uint32_t abi_version;
  uint32_t reserved;

  /* The outcome, exactly one of these, once. The text is copied, and every secret resolved by this call is blotted out of it. */
  int32_t (*complete)(fermata_call* call, fermata_string output_json);
  int32_t (*fail)(fermata_call* call, const fermata_failure* failure);
  int32_t (*bpmn_error)(fermata_call* call, const fermata_bpmn_error* error);

  /* The outcome of a lookup, exactly one of these, once. */
  int32_t (*lookup_found)(fermata_call* call, fermata_string output_json);
  int32_t (*lookup_not_found)(fermata_call* call);
  int32_t (*lookup_unknown)(fermata_call* call, fermata_string why);

  /* Not 0 when the result is no longer wanted: deadline passed, job cancelled, engine stopping. Poll it in loops. */
  int32_t (*cancelled)(fermata_call* call);
  int64_t (*remaining_ms)(fermata_call* call);

  /* Gives the secret `name` to `receive` while it runs. Do not keep it longer than needed. FERMATA_ERROR_NOT_FOUND if none. */
  int32_t (*secret)(fermata_call* call, fermata_string name, fermata_receive receive, void* context);
  /* Blots `value` (a token got by a login, an encoded password) out of everything this call logs or reports from now on. */
  int32_t (*redact)(fermata_call* call, fermata_string value);
  void (*log)(fermata_call* call, int32_t level, fermata_string text);
  /* Evaluates a FEEL expression over the members of the JSON object `context_json`; `receive` gets the result as JSON, or the
   * reason when FERMATA_ERROR_EVALUATION is returned. */
  int32_t (*evaluate)(fermata_call* call, fermata_string expression, fermata_string context_json, fermata_receive receive,
                      void* context);
} fermata_host_api;

typedef struct fermata_activity fermata_activity;
struct fermata_activity {
  size_t struct_size;
  fermata_string type; /* the job type that models ask for, for instance "hello" */
  int32_t repeat_safety;
  int32_t max_concurrency;     /* calls at the same time; 0: as many as the plugin's pool has threads */
  int64_t default_deadline_ms; /* positive */
  fermata_string input_schema_json; /* may be empty: JSON schema of the input */
  fermata_string documentation;     /* may be empty: for people, Markdown */
  void* context;                    /* the plugin's own, for instance a table entry */
  /* Does the work and reports one outcome before it returns. May run on several threads at once. */
  void (*execute)(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* call,
                  const fermata_call_info* info);
  /* May be null. Finds out whether an earlier run with this idempotency key took effect; called before every repeat. */
  void (*lookup)(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* call,
                 const fermata_call_info* info);
  /* May be null. The repeat safety of one particular call, where it depends on the input (GET or POST). Quick, no I/O. */
  int32_t (*repeat_safety_of)(const fermata_activity* self, void* state, const fermata_call_info* info);
};

typedef struct fermata_plugin {
  size_t struct_size;
  uint32_t abi_version;          /* FERMATA_ABI_VERSION of the header it was compiled with */
  uint32_t abi_version_required; /* the oldest host it can run on, usually FERMATA_ABI_VERSION_BASE */
  fermata_string name;
  fermata_string version;
  const fermata_activity* const* activities;
  size_t activity_count;
  /* May be null. Called once before the first call; sets *state, which is handed to every function. Returns FERMATA_OK, or
   * anything else after telling `refuse` why the configuration is not usable. */
  int32_t (*init)(fermata_string config_json, void** state, fermata_receive refuse, void* refuse_context);
  /* May be null. Called once, when no call is running any more. */
  void (*shutdown)(void* state);
} fermata_plugin;

/* The one exported symbol. The descriptor and all it points to live as long as the library is loaded. */
typedef const fermata_plugin* (*fermata_plugin_entry)(void);
FERMATA_EXPORT const fermata_plugin* fermata_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
