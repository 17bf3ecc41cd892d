// fermata webhook: the webhooks of a running server.
#pragma once

#include <string>

#include "cli/client/session.h"

namespace fermata::cli {

[[nodiscard]] Exit list_webhooks(ClientSession& session);
[[nodiscard]] Exit get_webhook(ClientSession& session, const std::string& name);
/// `settings`: JSON or @FILE, with the keys of [webhooks.NAME] in fermata.toml.
[[nodiscard]] Exit put_webhook(ClientSession& session, const std::string& name, const std::string& settings);
[[nodiscard]] Exit remove_webhook(ClientSession& session, const std::string& name);

}  // namespace fermata::cli
