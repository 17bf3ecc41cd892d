// The browser guard of --dev: without credentials, any web page open in the developer's browser could otherwise drive
// the engine.
//
// Two attacks are met. DNS rebinding: a foreign name that resolves to 127.0.0.1 arrives in Host, so Host must be a
// loopback name. Cross-site requests: browsers send Origin with every request that changes something or whose answer a
// script could read, so a foreign Origin is refused, simple content types included. Pages from loopback and the desktop
// modeler ("file://") may call.
//
//   guard_against_foreign_pages(headers)  ->  "The request comes from a web page of http://evil.example ..."
//
// The guard of Basic: a browser that has once been told a user name and a password sends them with every request to us,
// whichever page has made it. A Bearer token it never adds by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/server/headers.h"

namespace fermata::http {

/// The reason to refuse (403), or nullopt. Pure.
[[nodiscard]] std::optional<std::string> guard_against_foreign_pages(const Headers& headers);

/// The same for a request that would change something and carries a Basic credential: it must not come from a page of
/// another host or port. Programs send no Origin, and are not asked; the desktop modeler ("file://") may call. Pure.
[[nodiscard]] std::optional<std::string> guard_of_basic(std::string_view method, const Headers& headers);

/// localhost, *.localhost, 127.0.0.0/8, ::1; with or without port and brackets.
[[nodiscard]] bool is_loopback_name(std::string_view host_and_port);

}  // namespace fermata::http
