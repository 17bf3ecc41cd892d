#include "tests/conformance/engine/zeebe_spec_case.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/record/codec.h"

namespace fermata::conformance {
namespace {

using nlohmann::json;
using Trouble = std::optional<std::string>;

std::string text_of(const json& args, const char* name) { return args.contains(name) && args[name].is_string() ? args[name].get<std::string>() : ""; }

Variables variables_of(const json& args) {
  const std::string text = text_of(args, "variables");
  if (text.empty()) return {};
  const auto decoded = decode_variables(text);
  return decoded ? *decoded : Variables{};
}

// Their words for our states.
bool is_in_state(const ElementInstance& element, const std::string& state) {
  if (state == "activated") return is_live(element.status);
  if (state == "completed") return element.status == ElementStatus::completed;
  return state == "terminated" && element.status == ElementStatus::terminated;
}

std::map<std::string, std::string> names_in(const std::vector<Bench::File>& files) {
  std::map<std::string, std::string> names;
  const auto attribute = [](const std::string& tag, const std::string& name) {
    const std::size_t at = tag.find(" " + name + "=\"");
    if (at == std::string::npos) return std::string();
    const std::size_t begin = at + name.size() + 3;
    return tag.substr(begin, tag.find('"', begin) - begin);
  };
  for (const auto& [file, text] : files) {
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
      const std::string tag = text.substr(at, text.find('>', at) - at);
      if (!attribute(tag, "id").empty()) names[attribute(tag, "id")] = attribute(tag, "name");
    }
  }
  return names;
}

class Case {
 public:
  Case(const json& test_case, const std::vector<Bench::File>& files) : test_case_(test_case), files_(files) {}

  CaseResult play() {
    if (const Result<void> done = bench_.deploy(files_); !done) return {Kind::refused, done.error().message};
    for (const char* part : {"instructions", "actions", "verifications"}) {
      if (!test_case_.contains(part)) continue;
      for (const json& instruction : test_case_[part]) {
        const json args = instruction.contains("args") && instruction["args"].is_object() ? instruction["args"] : json::object();
        const Trouble trouble = instruction.contains("action") ? act(instruction["action"], args) : verify(instruction["verification"], args);
        if (trouble) return {Kind::open_defect, instruction.dump().substr(0, 200) + ": " + *trouble};
        if (std::string difference = bench_.difference(); !difference.empty()) return {Kind::open_defect, difference};
      }
    }
    return {};
  }

 private:
  Trouble act(const std::string& action, const json& args) {
    if (action == "create-instance") {
      const auto instance = bench_.start(text_of(args, "bpmn_process_id"), variables_of(args));
      if (!instance) return instance.error().message;
      last_ = *instance;
      aliases_[text_of(args, "process_instance_alias")] = *instance;
      return {};
    }
    if (action == "publish-message") {
      PublishMessage message;
      message.name = text_of(args, "message_name");
      message.correlation_key = text_of(args, "correlation_key");
      message.variables = variables_of(args);
      message.ttl = Duration::from_seconds(10);
      return ask(std::move(message));
    }
    if (action == "cancel-instance") return ask(CancelInstance{instance_of(args)});
    if (action == "complete-task") {
      return with_jobs(args, [&](const Job& job) {
        CompleteJob done;
        done.job = job.key;
        done.variables = variables_of(args);
        return ask(std::move(done));
      });
    }
    if (action == "throw-error") {
      return with_jobs(args, [&](const Job& job) {
        ThrowJobError error;
        error.job = job.key;
        error.code = text_of(args, "error_code");
        error.message = text_of(args, "error_message");
        return ask(std::move(error));
      });
    }
    if (action == "await-element-instance-state") return verify("element-instance-state", args);
    return "unknown action";
  }

  Trouble ask(ClientCommand command) {
    const Result<Reply> reply = bench_.ask(std::move(command));
    return reply ? Trouble() : Trouble(reply.error().message);
  }

  template <class Act>
  Trouble with_jobs(const json& args, Act act_on) {
    bool any = false;
    for (const JobRow& row : bench_.jobs()) {
      if (row.job.type != text_of(args, "job_type")) continue;
      any = true;
      if (Trouble trouble = act_on(row.job)) return trouble;
    }
    return any ? Trouble() : Trouble("there is no such job");
  }

  Trouble verify(const std::string& what, const json& args) {
    if (what == "process-instance-state" || what == "element-instance-state") return verify_state(what == "process-instance-state", args);
    if (what == "process-instance-variable" || what == "no-process-instance-variable") return verify_variable(what.starts_with("no-"), args);
    if (what == "incident-state") return verify_incident(args);
    return "unknown verification";
  }

  bool is_named(const ElementRow& row, const json& args) {
    if (row.context.instance != instance_of(args)) return false;
    if (args.contains("element_id")) return row.element.element_id == text_of(args, "element_id");
    return names_[row.element.element_id] == text_of(args, "element_name");
  }

  Trouble verify_state(bool of_process, const json& args) {
    const std::string state = text_of(args, "state");
    std::string seen = "no such element instance";
    for (const ElementRow& row : bench_.elements()) {
      const bool is_root = row.element.kind == ElementKind::process && row.context.instance == instance_of(args);
      if (of_process ? !is_root : !is_named(row, args)) continue;
      if (is_in_state(row.element, state)) return {};
      seen = "is " + std::string(name_of(row.element.status));
    }
    return seen;
  }

  Trouble verify_variable(bool absent, const json& args) {
    std::optional<Value> found;
    const bool of_element = args.contains("element_id") || args.contains("element_name");
    ElementInstanceKey scope = root_scope(instance_of(args));
    for (const ElementRow& row : bench_.elements()) {
      if (of_element && is_named(row, args)) scope = row.element.key;
    }
    for (const VariableRow& row : bench_.variables()) {
      if (row.context.instance != instance_of(args) || row.variable.name != text_of(args, "name")) continue;
      if (!of_element || row.variable.scope == scope) found = row.variable.value;
    }
    if (absent) return found ? Trouble("is " + to_json(*found)) : Trouble();
    if (!found) return "there is no such variable";
    return to_json(*found) == text_of(args, "value") ? Trouble() : Trouble("is " + to_json(*found));
  }

  // Texts of messages are each engine's own; type, element and state are not.
  Trouble verify_incident(const json& args) {
    const bool wants_open = text_of(args, "state") == "created";
    for (const IncidentRow& row : bench_.all_incidents()) {
      if (args.contains("element_id") && row.incident.element_id != text_of(args, "element_id")) continue;
      if (args.contains("element_name") && names_[row.incident.element_id] != text_of(args, "element_name")) continue;
      if (name_of(row.incident.type) != text_of(args, "error_type")) continue;
      if ((row.incident.status == IncidentStatus::active) == wants_open) return {};
    }
    return "there is no such incident";
  }

  ProcessInstanceKey instance_of(const json& args) const {
    for (const char* name : {"process_instance", "process-instance", "process"}) {
      const auto found = aliases_.find(text_of(args, name));
      if (args.contains(name) && found != aliases_.end()) return found->second;
    }
    return last_;
  }

  const json& test_case_;
  const std::vector<Bench::File>& files_;
  Bench bench_;
  std::map<std::string, std::string> names_ = names_in(files_);  ///< by element id
  ProcessInstanceKey last_;
  std::map<std::string, ProcessInstanceKey> aliases_;
};

}  // namespace

CaseResult play_zeebe_spec(const nlohmann::json& test_case, const std::vector<Bench::File>& files) { return Case(test_case, files).play(); }

}  // namespace fermata::conformance
