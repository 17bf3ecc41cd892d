#include "tests/scenarios/runner/player.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "cli/serve/models.h"
#include "engine/base/check.h"
#include "engine/base/json.h"
#include "http/v2/deployment_files.h"

namespace fermata::scenarios {
namespace {

using Op = FieldCondition::Op;

FieldCondition equals(const std::string& field, Value value) { return {field, Op::eq, {std::move(value)}}; }

std::string named(const Line& line, const std::string& name, const std::string& otherwise = {}) {
  const auto found = line.named.find(name);
  return found == line.named.end() ? otherwise : found->second;
}

Result<Duration> duration(const std::string& text) {
  const Result<CalendarDuration> parsed = parse_iso8601_duration(text);
  if (!parsed) return fail(parsed.error());
  return Duration{parsed->ms + parsed->months * 30 * 86'400'000LL};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "nothing" : text;
}

}  // namespace

std::string Player::play() {
  for (const Line& line : scenario_.lines) {
    Trouble trouble = play_line(line);
    if (!trouble) {
      world_.settle();
      const std::vector<std::string> differences = world_.compare_rows_with_replay();
      if (!differences.empty()) trouble = differences.front();
    }
    if (trouble) {
      return scenario_.name + " in world " + world_.kind().name + ", line " + std::to_string(line.number) + ": " + line.text + "\n  " + *trouble +
             "\n" + events_of_all();
    }
    if (world_.kind().restart_after_each_line) {
      world_.restart();
      world_.settle();
    }
  }
  return {};
}

Player::Trouble Player::play_line(const Line& line) {
  if (line.verb == "expect") return expect(line);
  if (line.verb == "child") return bind_child(line);
  if (line.verb == "restart") {
    world_.restart();
    return {};
  }
  if (line.verb == "advance") {
    const Result<Duration> by = duration(line.words.empty() ? "" : line.words.front());
    if (!by) return by.error().message;
    world_.clock().advance(*by);
    return {};
  }
  const Result<ClientCommand> command = command_for(line);
  if (!command) return line.must_be_refused ? check_reason(line, command.error().message) : Trouble(command.error().message);
  return send(line, *command);
}

// A step may be refused for another reason than the one that is meant.
Player::Trouble Player::check_reason(const Line& line, const std::string& reason) {
  return reason.find(named(line, "because")) == std::string::npos ? Trouble("was refused because: " + reason) : Trouble();
}

Player::Trouble Player::send(const Line& line, ClientCommand command) {
  ClientRequest request;
  request.command = std::move(command);
  request.actor = "scenario";
  const Result<Outcome> outcome = world_.engine().call(std::move(request));
  if (!outcome) return "failed: " + outcome.error().message;
  if (!*outcome) return line.must_be_refused ? check_reason(line, outcome->error().reason) : "refused: " + outcome->error().reason;
  if (line.must_be_refused) return "was not refused";
  if (const auto* created = std::get_if<InstanceCreated>(&**outcome)) instances_[line.words.at(0)] = created->instance;
  if (const auto* accepted = std::get_if<MessageAccepted>(&**outcome)) {
    const std::string name = named(line, "as");
    if (!name.empty()) {
      if (accepted->instances.empty()) return "the message reached nobody";
      instances_[name] = accepted->instances.front();
    }
  }
  return {};
}

Result<ClientCommand> Player::command_for(const Line& line) {
  const auto word = [&line](std::size_t index) { return index < line.words.size() ? line.words[index] : std::string(); };
  if (line.verb == "deploy") return deploy(line);
  if (line.verb == "start") {
    CreateInstance create;
    create.process_id = named(line, "process");
    create.business_key = named(line, "key");
    create.variables = line.variables;
    if (line.named.contains("version")) create.version = std::stoi(named(line, "version"));
    if (line.named.contains("at")) create.start_at = {named(line, "at")};
    return ClientCommand(std::move(create));
  }
  if (line.verb == "message") {
    PublishMessage message;
    message.name = word(0);
    message.correlation_key = named(line, "key");
    if (line.named.contains("anykey")) message.correlation_key.reset();
    message.message_id = named(line, "id");
    const Result<Duration> ttl = duration(named(line, "ttl", "PT0S"));
    if (!ttl) return fail(ttl.error());
    message.ttl = *ttl;
    message.variables = line.variables;
    return ClientCommand(std::move(message));
  }
  if (line.verb == "correlate") {
    CorrelateMessage message;
    message.name = word(0);
    if (line.named.contains("key")) message.correlation_key = named(line, "key");
    if (line.named.contains("businessKey")) message.business_key = named(line, "businessKey");
    message.variables = line.variables;
    return ClientCommand(std::move(message));
  }
  if (line.verb == "signal") return ClientCommand(BroadcastSignal{word(0), line.variables});

  const Result<ProcessInstanceKey> instance = instance_named(word(0));
  if (!instance) return fail(instance.error());
  if (line.verb == "complete") return complete(line);
  if (line.verb == "cancel") return ClientCommand(CancelInstance{*instance});
  if (line.verb == "modify") {
    ModifyInstance modify;
    modify.instance = *instance;
    for (std::size_t i = 1; i + 1 < line.words.size(); i += 2) {
      if (line.words[i] == "activate") {
        modify.activate.push_back({.element_id = line.words[i + 1], .ancestor = {}, .variables = line.variables, .variable_scope = {}});
        continue;
      }
      const Result<ElementInstanceKey> element = element_at(word(0), line.words[i + 1]);
      if (!element) return fail(element.error());
      if (line.words[i] == "terminate") {
        modify.terminate.push_back(*element);
      } else if (line.words[i] == "in" && !modify.activate.empty()) {
        modify.activate.back().ancestor = *element;
      } else {
        return fail(ErrorCode::invalid_argument, "write: modify p1 activate A [in SCOPE] terminate B");
      }
    }
    return ClientCommand(std::move(modify));
  }
  if (line.verb == "set") {
    const Result<ElementInstanceKey> scope = word(1).empty() ? Result<ElementInstanceKey>(root_scope(*instance)) : element_at(word(0), word(1));
    if (!scope) return fail(scope.error());
    return ClientCommand(SetVariables{*scope, line.variables, line.named.contains("local")});
  }
  if (line.verb == "resolve") {
    const auto found = session()->search_incidents(where({equals("processInstanceKey", Value::string(instance->text())), equals("state", Value::string("ACTIVE")),
                                                              equals("elementId", Value::string(word(1)))}));
    if (!found) return fail(found.error());
    if (found->items.empty()) return fail(ErrorCode::not_found, "no open incident at " + word(1));
    return ClientCommand(ResolveIncident{found->items.front().incident.key, std::stoi(named(line, "retries", "1"))});
  }
  if (line.verb == "claim") {
    const auto task = task_at(word(0), word(1));
    if (!task) return fail(task.error());
    if (!*task) return fail(ErrorCode::not_found, "no user task at " + word(1));
    return ClientCommand(AssignUserTask{(*task)->task.key, named(line, "by"), false});
  }
  const Result<JobRow> job = job_at(word(0), word(1));
  if (!job) return fail(job.error());
  if (line.verb == "fail") {
    FailJob failure;
    failure.job = job->job.key;
    failure.message = named(line, "message", "it failed");
    failure.variables = line.variables;
    failure.ambiguous = line.named.contains("ambiguous");
    if (line.named.contains("retries")) failure.retries = std::stoi(named(line, "retries"));
    if (line.named.contains("after")) {
      const Result<Duration> after = duration(named(line, "after"));
      if (!after) return fail(after.error());
      failure.retry_after = *after;
    }
    return ClientCommand(std::move(failure));
  }
  if (line.verb == "error") {
    ThrowJobError error;
    error.job = job->job.key;
    error.code = named(line, "code");
    error.message = named(line, "message");
    error.variables = line.variables;
    return ClientCommand(std::move(error));
  }
  return fail(ErrorCode::invalid_argument, "unknown step '" + line.verb + "'");
}

Result<ClientCommand> Player::deploy(const Line& line) {
  std::vector<std::string> contents;
  for (const std::string& name : line.words) {
    std::ifstream file(scenario_.folder + "/" + name, std::ios::binary);
    if (!file) return fail(ErrorCode::not_found, scenario_.folder + "/" + name + " cannot be read");
    contents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::vector<http::UploadedFile> files;
  for (std::size_t i = 0; i < contents.size(); ++i) files.push_back({line.words[i], contents[i]});
  http::v2::CompiledDeployment compiled = http::v2::compile_deployment({cli::compile_file, cli::compile_decision_files}, files);
  for (const http::v2::FileProblem& found : compiled.problems) {
    if (found.problem.severity == bpmn::Severity::error) return fail(ErrorCode::invalid_argument, http::v2::problem_line(found));
  }
  Deploy deploy;
  deploy.resources = std::move(compiled.resources);
  return ClientCommand(std::move(deploy));
}

// Whatever waits there: a user task, else a job.
Result<ClientCommand> Player::complete(const Line& line) {
  const auto task = task_at(line.words.at(0), line.words.at(1));
  if (!task) return fail(task.error());
  if (*task) return ClientCommand(CompleteUserTask{(*task)->task.key, line.variables, named(line, "by", "scenario")});
  const Result<JobRow> job = job_at(line.words.at(0), line.words.at(1));
  if (!job) return fail(job.error());
  CompleteJob done;
  done.job = job->job.key;
  done.variables = line.variables;
  if (line.named.contains("lease")) done.lease = std::stoll(named(line, "lease"));
  return ClientCommand(std::move(done));
}

std::unique_ptr<ReadSession> Player::session() {
  auto made = world_.engine().read();
  FERMATA_CHECK(made.has_value(), "a world can be read");
  return std::move(*made);
}

Result<ProcessInstanceKey> Player::instance_named(const std::string& name) {
  const auto found = instances_.find(name);
  if (found == instances_.end()) return fail(ErrorCode::not_found, "no instance is called '" + name + "'");
  return found->second;
}

Result<JobRow> Player::job_at(const std::string& instance, const std::string& element) {
  const Result<ProcessInstanceKey> key = instance_named(instance);
  if (!key) return fail(key.error());
  const auto found = session()->search_jobs(where({equals("processInstanceKey", Value::string(key->text())), equals("elementId", Value::string(element))}));
  if (!found) return fail(found.error());
  for (const JobRow& row : found->items) {
    if (is_live(row.job.status)) return row;
  }
  return fail(ErrorCode::not_found, "no open job or task at " + element);
}

Result<std::optional<UserTaskRow>> Player::task_at(const std::string& instance, const std::string& element) {
  const Result<ProcessInstanceKey> key = instance_named(instance);
  if (!key) return fail(key.error());
  const auto found = session()->search_user_tasks(where({equals("processInstanceKey", Value::string(key->text())), equals("elementId", Value::string(element))}));
  if (!found) return fail(found.error());
  for (const UserTaskRow& row : found->items) {
    if (is_live(row.task.status)) return std::optional<UserTaskRow>(row);
  }
  return std::optional<UserTaskRow>();
}

// "each" is the oldest of its instances, of a multi-instance the body; "each#2" the inner instance with that loop counter.
Result<ElementInstanceKey> Player::element_at(const std::string& instance, const std::string& element) {
  const Result<ProcessInstanceKey> key = instance_named(instance);
  if (!key) return fail(key.error());
  const std::size_t number_at = element.find('#');
  const auto found = session()->search_elements(where({equals("processInstanceKey", Value::string(key->text())),
                                                           equals("elementId", Value::string(element.substr(0, number_at))),
                                                           equals("state", Value::string("ACTIVE"))}));
  if (!found) return fail(found.error());
  for (const ElementRow& row : found->items) {
    if (number_at == std::string::npos) return row.element.key;
    const bool is_inner = row.element.role == ElementRole::inner_instance;
    if (is_inner && std::to_string(row.element.loop_counter) == element.substr(number_at + 1)) return row.element.key;
  }
  return fail(ErrorCode::not_found, "element " + element + " is not active");
}

Player::Trouble Player::bind_child(const Line& line) {
  const Result<ProcessInstanceKey> parent = instance_named(line.words.at(1));
  if (!parent) return parent.error().message;
  const auto found = session()->search_instances(where({equals("parentProcessInstanceKey", Value::string(parent->text()))}));
  if (!found) return found.error().message;
  if (found->items.empty()) return "it has called nobody";
  instances_[line.words.at(0)] = found->items.back().instance.key;
  return {};
}

Player::Trouble Player::expect(const Line& line) {
  const std::string subject = line.words.at(0);
  const std::string what = line.words.size() > 1 ? line.words[1] : std::string();
  std::vector<std::string> rest(line.words.begin() + std::min<std::ptrdiff_t>(2, static_cast<std::ptrdiff_t>(line.words.size())), line.words.end());
  if (subject == "count") return expect_count(line);
  if (what == "active:") return expect_elements(subject, "ACTIVE", std::move(rest));
  if (what == "completed:") return expect_elements(subject, "COMPLETED", std::move(rest));
  if (what == "terminated:") return expect_elements(subject, "TERMINATED", std::move(rest));
  if (what == "completed" || what == "terminated" || what == "active") return expect_state(subject, what);
  if (what == "variable") return expect_variable(line);
  if (what == "incident" || what == "no-incident") return expect_incident(line);
  if (what == "job") return expect_job(line);
  if (what == "decision") return expect_decision(line);
  return "unknown expectation '" + what + "'";
}

// Scopes count as elements only when they are named; sequences of completed elements are compared in order of their ends.
Player::Trouble Player::expect_elements(const std::string& instance, const std::string& state, std::vector<std::string> expected) {
  const Result<ProcessInstanceKey> key = instance_named(instance);
  if (!key) return key.error().message;
  const auto found = session()->search_elements(where({equals("processInstanceKey", Value::string(key->text())), equals("state", Value::string(state))}, 1'000));
  if (!found) return found.error().message;
  std::vector<std::string> actual;
  for (const ElementRow& row : found->items) {
    if (row.element.kind == ElementKind::process || row.element.role == ElementRole::multi_instance_body) continue;
    if (is_flow_scope(row.element.kind) && std::find(expected.begin(), expected.end(), row.element.element_id) == expected.end()) continue;
    actual.push_back(row.element.element_id);
  }
  std::sort(actual.begin(), actual.end());
  std::sort(expected.begin(), expected.end());
  if (actual == expected) return {};
  return state + " are " + joined(actual) + ", not " + joined(expected);
}

// The newest evaluation of a decision that the instance has asked for: its result, and the numbers of the rules that matched.
Player::Trouble Player::expect_decision(const Line& line) {
  const Result<ProcessInstanceKey> key = instance_named(line.words.at(0));
  if (!key) return key.error().message;
  const auto found = session()->search_decision_instances(where({equals("processInstanceKey", Value::string(key->text())),
                                                                 equals("decisionDefinitionId", Value::string(line.words.at(2)))}));
  if (!found) return found.error().message;
  if (found->items.empty()) return "the history has no evaluation of it";
  const DecisionInstance& row = found->items.back().decision;
  std::string rules;
  for (const Value& rule : row.rules.as_list()) rules += (rules.empty() ? "" : "+") + to_json(*rule.find("index"));
  for (std::size_t i = 3; i < line.words.size() && line.words[i] != "="; ++i) {
    const std::string& wish = line.words[i];
    const std::string value = wish.substr(wish.find('=') + 1);
    if (wish.starts_with("rules=") && rules != value) return "the rules '" + rules + "' have matched";
    if (wish.starts_with("version=") && std::to_string(row.version) != value) return "version " + std::to_string(row.version) + " was asked";
  }
  const std::size_t equals_at = line.text.find(" = ");
  if (equals_at == std::string::npos) return {};
  const Result<Value> expected = parse_json(line.text.substr(equals_at + 3));
  if (!expected) return expected.error().message;
  // As stored: dates and the like are texts by then.
  return to_json(row.result) == to_json(*expected) ? Trouble() : "its result is " + to_json(row.result);
}

Player::Trouble Player::expect_state(const std::string& instance, const std::string& state) {
  const Result<ProcessInstanceKey> key = instance_named(instance);
  if (!key) return key.error().message;
  const auto row = session()->instance(*key);
  if (!row || !*row) return "the instance has no row";
  std::string actual(name_of((*row)->instance.status));
  std::transform(actual.begin(), actual.end(), actual.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return actual == state ? Trouble() : "is " + actual;
}

Player::Trouble Player::expect_variable(const Line& line) {
  const Result<ProcessInstanceKey> key = instance_named(line.words.at(0));
  if (!key) return key.error().message;
  const std::size_t equals_at = line.text.find('=');
  if (equals_at == std::string::npos) return "write: expect p1 variable name [at ELEMENT] = JSON";
  const Result<Value> expected = parse_json(line.text.substr(equals_at + 1));
  if (!expected) return expected.error().message;
  const bool at_element = line.words.size() > 4 && line.words[3] == "at";
  const Result<ElementInstanceKey> scope = at_element ? element_at(line.words[0], line.words[4]) : Result<ElementInstanceKey>(root_scope(*key));
  if (!scope) return scope.error().message;
  const auto variables = session()->visible_variables(*scope);
  if (!variables) return variables.error().message;
  for (const Variable& variable : *variables) {
    if (variable.name != line.words.at(2)) continue;
    return variable.value == *expected ? Trouble() : "is " + to_json(variable.value);
  }
  return "there is no such variable";
}

Player::Trouble Player::expect_incident(const Line& line) {
  const Result<ProcessInstanceKey> key = instance_named(line.words.at(0));
  if (!key) return key.error().message;
  const auto found = session()->search_incidents(where({equals("processInstanceKey", Value::string(key->text())), equals("state", Value::string("ACTIVE"))}));
  if (!found) return found.error().message;
  if (line.words.at(1) == "no-incident") return found->items.empty() ? Trouble() : "has one: " + found->items.front().incident.message;
  for (const IncidentRow& row : found->items) {
    if (row.incident.element_id != line.words.at(2)) continue;
    const std::string type(name_of(row.incident.type));
    return type == line.words.at(3) ? Trouble() : "is " + type + ": " + row.incident.message;
  }
  return "has no incident there";
}

Player::Trouble Player::expect_job(const Line& line) {
  const Result<JobRow> job = job_at(line.words.at(0), line.words.at(2));
  if (!job) return job.error().message;
  for (std::size_t i = 3; i < line.words.size(); ++i) {
    const std::string& wish = line.words[i];
    const std::string value = wish.substr(wish.find('=') + 1);
    if (wish.starts_with("retries=") && std::to_string(job->job.retries) != value) return "has " + std::to_string(job->job.retries) + " retries";
    if (wish.starts_with("type=") && job->job.type != value) return "is of type " + job->job.type;
    if (wish.starts_with("status=") && name_of(job->job.status) != value) return "is " + std::string(name_of(job->job.status));
  }
  return {};
}

Player::Trouble Player::expect_count(const Line& line) {
  const auto found = session()->search_instances(where({equals("processDefinitionId", Value::string(line.words.at(1)))}, 1));
  if (!found) return found.error().message;
  return std::to_string(found->total) == line.words.at(2) ? Trouble() : "are " + std::to_string(found->total);
}

// What has happened, one event a line: the first thing to read when a scenario fails.
std::string Player::events_of_all() {
  std::string text;
  for (const auto& [name, key] : instances_) {
    const auto transitions = session()->transitions(key, 30);
    if (!transitions) continue;
    text += "  " + name + " (" + key.text() + "), newest first:\n";
    for (const TransitionRow& row : *transitions) text += "    " + row.command + " " + row.events_json.substr(0, 400) + "\n";
  }
  return text;
}

}  // namespace fermata::scenarios
