/* The ABI header is C, not only C++: a plugin in plain C11 compiles from it. */
#include "activities/abi/fermata_activity.h"

static void run(const fermata_activity* self, void* state, const fermata_host_api* host, fermata_call* call,
                const fermata_call_info* info) {
  (void)self, (void)state, (void)info;
  host->complete(call, fermata_string_of("{\"from\":\"C\"}"));
}

static const fermata_activity activity = {.struct_size = sizeof(fermata_activity),
                                          .type = {"c", 1},
                                          .repeat_safety = FERMATA_REPEAT_NATIVE,
                                          .default_deadline_ms = 1000,
                                          .execute = run};
static const fermata_activity* const activities[] = {&activity};
static const fermata_plugin plugin = {.struct_size = sizeof(fermata_plugin),
                                      .abi_version = FERMATA_ABI_VERSION,
                                      .abi_version_required = FERMATA_ABI_VERSION_BASE,
                                      .name = {"c-plugin", 8},
                                      .version = {"1", 1},
                                      .activities = activities,
                                      .activity_count = 1};

const fermata_plugin* c_plugin_descriptor(void);
const fermata_plugin* c_plugin_descriptor(void) { return &plugin; }
