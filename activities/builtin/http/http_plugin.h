// The built-in plugin `http`, with the activities http, fermata.http, io.camunda:http-json:1, json-rpc and
// fermata.json-rpc.
//
//   host.add(fermata::connector::http_plugin(), {.config_json = R"({"allow": ["erp.internal:8069"]})"});
#pragma once

#include "activities/abi/fermata_activity.h"

namespace fermata::connector {

/// Lives until the process ends.
[[nodiscard]] const fermata_plugin* http_plugin();

}  // namespace fermata::connector
