#include "cli/commands/token.h"

#include <chrono>
#include <filesystem>
#include <iostream>

#include "cli/client/output.h"
#include "engine/base/json.h"
#include "http/auth/token_store.h"

namespace fermata::cli {
namespace {

using http::FileTokenStore;

Result<std::unique_ptr<FileTokenStore>> open_tokens(const std::string& path) {
  std::error_code ignored;  // a directory that cannot be made shows when the file cannot be written
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (!directory.empty() && std::filesystem::create_directories(directory, ignored)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ignored);
  }
  return FileTokenStore::open(path);
}

std::string roles_of(const http::RoleSet& roles) {
  std::string text;
  for (const http::Role role : http::all_roles) {
    if (roles.contains(role)) text += (text.empty() ? "" : ",") + std::string(http::role_name(role));
  }
  return text;
}

Exit refuse(const Error& error) {
  complain(error.message);
  return Exit::refused;
}

Timestamp in_days(int days) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + std::int64_t{days} * 24 * 3600 * 1000};
}

Value shown(const http::TokenRecord& record) {
  return Value::context({{"id", Value::string(record.id)},
                         {"name", Value::string(record.name)},
                         {"roles", Value::string(roles_of(record.roles))},
                         {"createdAt", Value::string(format_iso8601(record.created_at))},
                         {"expiresAt", record.expires_at ? Value::string(format_iso8601(*record.expires_at)) : Value::null()}});
}

}  // namespace

Exit create_token(const TokenOptions& options) {
  http::NewToken wanted{options.name, {}, std::nullopt};
  for (const std::string& name : options.roles) {
    const std::optional<http::Role> role = http::role_from_name(name);
    if (!role) {
      complain("There is no role '" + name + "'. Known are: reader, starter, worker, operator, deployer, admin.");
      return Exit::usage;
    }
    wanted.roles.add(*role);
  }
  if (options.days > 0) wanted.expires_at = in_days(options.days);
  const auto store = open_tokens(options.path);
  if (!store) return refuse(store.error());
  const Result<http::CreatedToken> made = (*store)->create(wanted);
  if (!made) return refuse(made.error());
  if (options.json) {
    std::cout << to_json(Value::context({{"id", Value::string(made->record.id)}, {"token", Value::string(made->token)}})) << '\n';
  } else {
    std::cout << made->token << '\n';
    std::cerr << "Keep it well: it cannot be shown again. Roles: " << roles_of(wanted.roles) << ".\n";
  }
  return Exit::done;
}

Exit list_tokens(const TokenOptions& options) {
  const auto store = open_tokens(options.path);
  if (!store) return refuse(store.error());
  const auto records = (*store)->list();
  if (!records) return refuse(records.error());
  Value::List rows;
  for (const http::TokenRecord& record : *records) rows.push_back(shown(record));
  if (options.json) {
    std::cout << to_json(Value::list(rows)) << '\n';
    return Exit::done;
  }
  constexpr Column columns[] = {{"ID", "id"}, {"NAME", "name"}, {"ROLES", "roles"}, {"CREATED", "createdAt"}, {"EXPIRES", "expiresAt"}};
  print_table(columns, rows, std::cout);
  return Exit::done;
}

Exit revoke_token(const TokenOptions& options) {
  const auto store = open_tokens(options.path);
  if (!store) return refuse(store.error());
  const Result<void> revoked = (*store)->revoke(options.name);
  if (!revoked) return refuse(revoked.error());
  std::cout << "token " << options.name << " revoked\n";
  return Exit::done;
}

}  // namespace fermata::cli
