// The commands that speak to a running server over /v2. Each takes its options as a plain struct, so that the parser of the command
// line stays in one file (command_line.cpp), and answers an exit code after printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client/session.h"

namespace fermata::cli {

struct DeployOptions {
  std::vector<std::string> paths;  ///< files, or directories whose *.bpmn and *.form are taken
};
[[nodiscard]] Exit deploy(ClientSession& session, const DeployOptions& options);

struct RunOptions {
  std::string process;  ///< process id, or definition key
  std::string variables;
  std::string business_key;
  std::optional<int> version;
  bool await = false;
  int timeout_s = 30;
  std::string idempotency_key;
};
[[nodiscard]] Exit run(ClientSession& session, const RunOptions& options);

struct ListOptions {
  std::string resource;
  std::string state;
  std::string process;
  std::string instance;
  std::vector<std::string> where;      ///< "field=value"
  std::vector<std::string> variables;  ///< "name=json"
  std::string filter;                  ///< JSON, as /v2 takes it
  std::vector<std::string> sort;       ///< "field" or "field:desc"
  int limit = 100;
};
[[nodiscard]] Exit list(ClientSession& session, const ListOptions& options);

struct GetOptions {
  std::string resource;
  std::string key;
  bool timeline = false;
  bool xml = false;
};
[[nodiscard]] Exit get(ClientSession& session, const GetOptions& options);

struct CompleteOptions {
  std::string kind;  ///< "task" or "job"
  std::string key;
  std::string variables;
};
[[nodiscard]] Exit complete(ClientSession& session, const CompleteOptions& options);

struct AssignOptions {
  std::string key;
  std::string assignee;  ///< empty: unassign
};
[[nodiscard]] Exit assign(ClientSession& session, const AssignOptions& options);

struct RetryOptions {
  std::vector<std::string> keys;  ///< of instances or incidents
  int retries = 1;
};
/// All active incidents of an instance, or one incident.
[[nodiscard]] Exit retry(ClientSession& session, const RetryOptions& options);
[[nodiscard]] Exit resolve(ClientSession& session, const RetryOptions& options);
[[nodiscard]] Exit cancel(ClientSession& session, const std::vector<std::string>& keys);

struct PublishOptions {
  std::string name;
  std::string correlation_key;
  std::string variables;
  std::string message_id;
  int ttl_s = 3600;
  bool now_or_never = false;  ///< correlate instead of publish
};
[[nodiscard]] Exit publish(ClientSession& session, const PublishOptions& options);
[[nodiscard]] Exit signal(ClientSession& session, const std::string& name, const std::string& variables);

struct SetOptions {
  std::string scope;
  std::string variables;
  bool local = false;
};
[[nodiscard]] Exit set_variables(ClientSession& session, const SetOptions& options);

[[nodiscard]] Exit show_status(ClientSession& session);

}  // namespace fermata::cli
