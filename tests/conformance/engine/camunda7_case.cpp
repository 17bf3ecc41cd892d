#include "tests/conformance/engine/camunda7_case.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

#include "engine/base/json.h"
#include "engine/record/codec.h"
#include "tests/conformance/engine/bench.h"

namespace fermata::conformance {
namespace {

using nlohmann::json;
using Trouble = std::optional<std::string>;

std::string text_of(const json& step, const char* name) { return step.contains(name) && step[name].is_string() ? step[name].get<std::string>() : ""; }
bool flag_of(const json& step, const char* name) { return step.contains(name) && step[name].is_boolean() && step[name].get<bool>(); }

Variables variables_from(const json& step, const char* name) {
  if (!step.contains(name) || !step[name].is_object()) return {};
  const auto decoded = decode_variables(step[name].dump());
  return decoded ? *decoded : Variables{};
}

bool has(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

// One thing of a snapshot, whatever it is.
struct Item {
  UserTask task;
  Timer timer;
  ProcessInstanceKey instance;
  ElementInstanceKey element;
  std::string activity;
};

class Case {
 public:
  Case(const json& test, const std::filesystem::path& root) : test_(test), root_(root) {}

  CaseResult play() {
    if (const CaseResult deployed = deploy(); deployed.kind != Kind::passed) return deployed;
    start_of_test_ = bench_.now();
    for (const json& step : test_["steps"]) {
      Trouble trouble = act(step);
      const bool failed_action = trouble && acted_;
      if (flag_of(step, "expectError")) {
        if (failed_action) {
          trouble.reset();
        } else if (!trouble) {
          trouble = "was expected to fail, and did not";
        }
      }
      if (!trouble) {
        if (std::string difference = bench_.difference(); !difference.empty()) trouble = std::move(difference);
      }
      if (trouble) return {Kind::open_defect, step.dump().substr(0, 160) + ": " + *trouble + state_now()};
    }
    return {};
  }

 private:
  CaseResult deploy() {
    std::vector<Bench::File> files;
    for (const std::string file : test_["files"]) {
      files.emplace_back(file, read_text(root_ / file));
      has_async_ = has_async_ || files.back().second.find(":async") != std::string::npos;
    }
    const Result<void> done = bench_.deploy(files);
    if (done) return {};
    return {Kind::refused, done.error().message};
  }

  // acted_: the step is an action that may be expected to fail.
  Trouble act(const json& step) {
    const std::string op = step["op"];
    acted_ = !op.starts_with("assert") && !op.starts_with("query");
    if (op == "start") return start(step);
    if (op == "message" || op == "startByMessage") return message(step);
    if (op == "signal") return signal(step);
    if (op == "trigger") return trigger(step);
    if (op == "completeTask") return with_item(step, [&](const Item& item) { return complete(item, step); });
    if (op == "completeAllTasks") return complete_all(step);
    if (op == "claimTask") {
      return with_item(step, [&](const Item& item) { return ask(AssignUserTask{item.task.key, text_of(step, "user"), false}, step); });
    }
    if (op == "setVariable" || op == "setVariables" || op == "setTaskVariable") return set_variables(step);
    if (op == "deleteInstance") return ask(CancelInstance{instance_of(step)}, step);
    if (op == "setClock") {
      bench_.move_clock_to(start_of_test_ + Duration{step["offsetMs"].get<std::int64_t>()});
      return {};
    }
    if (op == "runDueJobs") {
      bench_.settle();
      return {};
    }
    if (op == "executeJob") return execute_job(step);
    if (op.starts_with("query")) return query(step, op);
    acted_ = false;
    if (op.starts_with("assert")) return check(step, op);
    return "there is no command for it";
  }

  Trouble ask(ClientCommand command, const json& step) {
    const Result<Reply> reply = bench_.ask(std::move(command));
    if (!reply) return reply.error().message;
    if (const auto* accepted = std::get_if<MessageAccepted>(&*reply); accepted != nullptr && step.contains("as") && !accepted->instances.empty()) {
      instances_[text_of(step, "as")] = accepted->instances.front();
    }
    return {};
  }

  Trouble start(const json& step) {
    const auto instance = bench_.start(text_of(step, "processKey"), variables_from(step, "variables"), text_of(step, "businessKey"));
    if (!instance) return instance.error().message;
    instances_[text_of(step, "as")] = *instance;
    // A start that cannot go on is an exception there and an incident here.
    if (flag_of(step, "expectError") && !bench_.incidents().empty()) return bench_.incidents().front().incident.message;
    return {};
  }

  Trouble message(const json& step) {
    CorrelateMessage correlate;
    correlate.name = text_of(step, "name");
    correlate.variables = variables_from(step, "variables");
    correlate.match_variables = variables_from(step, "correlationVariables");
    const std::string mode = text_of(step, "mode");
    correlate.all = mode == "correlateAll";
    correlate.start_only = mode == "correlateStart" || step["op"] == "startByMessage";
    if (step.contains("businessKey")) correlate.business_key = text_of(step, "businessKey");
    if (step.contains("instance")) correlate.instance = instance_of(step);
    if (!step.contains("execution")) return ask(std::move(correlate), step);
    return with_item(step, [&](const Item& item) {
      correlate.instance = item.instance;
      return ask(correlate, step);
    });
  }

  Trouble signal(const json& step) {
    if (!step.contains("execution")) return ask(BroadcastSignal{text_of(step, "name"), variables_from(step, "variables")}, step);
    return with_item(step, [&](const Item& item) -> Trouble {
      for (const SubscriptionRow& row : bench_.subscriptions()) {
        if (row.context.instance == item.instance && row.subscription.kind == EventKind::signal && row.subscription.name == text_of(step, "name")) {
          return ask(BroadcastSignal{row.subscription.name, variables_from(step, "variables")}, step);
        }
      }
      return "the execution does not wait for this signal";
    });
  }

  // A receive task goes on by its message, whatever that is called.
  Trouble trigger(const json& step) {
    const auto go_on = [&](ProcessInstanceKey instance, ElementInstanceKey element) -> Trouble {
      for (const SubscriptionRow& row : bench_.subscriptions()) {
        if (row.context.instance != instance || row.subscription.kind != EventKind::message) continue;
        if (element && row.subscription.element_instance != element) continue;
        CorrelateMessage correlate;
        correlate.name = row.subscription.name;
        correlate.instance = instance;
        correlate.variables = variables_from(step, "variables");
        return ask(std::move(correlate), step);
      }
      return "nothing there waits to be triggered";
    };
    if (!step.contains("execution")) return go_on(instance_of(step), {});
    return with_item(step, [&](const Item& item) { return go_on(item.instance, item.element); });
  }

  Trouble complete(const Item& item, const json& step) {
    Trouble trouble = ask(CompleteUserTask{item.task.key, variables_from(step, "variables"), "conformance"}, step);
    if (!trouble && flag_of(step, "expectError") && !bench_.incidents().empty()) return bench_.incidents().front().incident.message;
    return trouble;
  }

  Trouble complete_all(const json& step) {
    for (const Item& item : snapshots_[text_of(step, "ref")]) {
      if (Trouble trouble = complete(item, step)) return trouble;
    }
    return {};
  }

  Trouble set_variables(const json& step) {
    Variables variables = variables_from(step, "variables");
    if (step.contains("name")) {
      const Result<Value> value = parse_json(step.contains("value") ? step["value"].dump() : "null");
      variables.push_back({text_of(step, "name"), value ? *value : Value()});
    }
    if (!step.contains("ref")) return ask(SetVariables{root_scope(instance_of(step)), std::move(variables), false}, step);
    return with_item(step, [&](const Item& item) { return ask(SetVariables{item.task.element_instance, variables, false}, step); });
  }

  // Forced there; here its time comes.
  Trouble execute_job(const json& step) {
    const auto& items = snapshots_[text_of(step, "ref")];
    const std::size_t index = step.value("index", std::size_t{0});
    if (index >= items.size()) return has_async_ ? Trouble() : Trouble("there is no such timer");
    bench_.move_clock_to(items[index].timer.due);
    bench_.settle();
    return {};
  }

  Trouble query(const json& step, const std::string& op) {
    const json filter = step.value("filter", json::object());
    std::vector<Item> items;
    if (op == "queryTasks") {
      for (const UserTaskRow& row : bench_.tasks()) {
        if (task_fits(row, filter)) items.push_back({.task = row.task, .timer = {}, .instance = row.context.instance, .element = row.task.element_instance, .activity = row.task.element_id});
      }
    } else if (op == "queryInstances") {
      for (const InstanceRow& row : bench_.instances()) {
        if (filter.contains("processKey") && text_of(filter, "processKey") != row.instance.process_id) continue;
        if (filter.contains("businessKey") && text_of(filter, "businessKey") != row.instance.business_key) continue;
        if (filter.contains("instance") && instance_of(filter) != row.instance.key) continue;
        items.push_back({.task = {}, .timer = {}, .instance = row.instance.key, .element = root_scope(row.instance.key), .activity = row.instance.process_id});
      }
    } else if (op == "queryJobs") {
      for (const TimerRow& row : bench_.timers()) {
        if (filter.contains("instance") && instance_of(filter) != row.context.instance) continue;
        items.push_back({.task = {}, .timer = row.timer, .instance = row.context.instance, .element = row.timer.element_instance, .activity = row.timer.element_id});
      }
    } else {
      items = executions(filter);
    }
    sort(items, text_of(step, "orderBy"));
    matched_[text_of(step, "as")].assign(items.size(), false);
    snapshots_[text_of(step, "as")] = std::move(items);
    return {};
  }

  bool task_fits(const UserTaskRow& row, const json& filter) {
    const UserTask& task = row.task;
    const bool unclaimed = task.assignee.empty();  // there, a candidate query finds unclaimed tasks only
    if (filter.contains("key") && text_of(filter, "key") != task.element_id) return false;
    if (filter.contains("name") && text_of(filter, "name") != task.name) return false;
    if (filter.contains("assignee") && text_of(filter, "assignee") != task.assignee) return false;
    if (filter.contains("processKey") && text_of(filter, "processKey") != row.context.process_id) return false;
    if (filter.contains("candidateUser") && !(unclaimed && has(task.candidate_users, text_of(filter, "candidateUser")))) return false;
    if (filter.contains("candidateGroup") && !(unclaimed && has(task.candidate_groups, text_of(filter, "candidateGroup")))) return false;
    return !filter.contains("instance") || instance_of(filter) == row.context.instance;
  }

  std::vector<Item> executions(const json& filter) {
    std::vector<Item> items;
    const bool by_message = filter.contains("messageSubscription");
    if (by_message || filter.contains("signalSubscription")) {
      const json& wanted = by_message ? filter["messageSubscription"] : filter["signalSubscription"];
      for (const SubscriptionRow& row : bench_.subscriptions()) {
        if (!row.context.instance || row.subscription.kind != (by_message ? EventKind::message : EventKind::signal)) continue;
        if (wanted.is_string() && wanted.get<std::string>() != row.subscription.name) continue;
        if (filter.contains("instance") && instance_of(filter) != row.context.instance) continue;
        if (filter.contains("activity") && text_of(filter, "activity") != row.subscription.element_id) continue;
        items.push_back({.task = {}, .timer = {}, .instance = row.context.instance, .element = row.subscription.element_instance, .activity = row.subscription.element_id});
      }
      return items;
    }
    for (const ElementRow& row : bench_.elements()) {
      if (!fermata::is_live(row.element.status)) continue;
      if (filter.contains("activity") && text_of(filter, "activity") != row.element.element_id) continue;
      if (filter.contains("instance") && instance_of(filter) != row.context.instance) continue;
      items.push_back({.task = {}, .timer = {}, .instance = row.context.instance, .element = row.element.key, .activity = row.element.element_id});
    }
    return items;
  }

  static void sort(std::vector<Item>& items, const std::string& by) {
    if (by == "name") std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.task.name < b.task.name; });
    if (by == "name desc") std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.task.name > b.task.name; });
    if (by == "due") std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.timer.due.ms < b.timer.due.ms; });
  }

  Trouble check(const json& step, const std::string& op) {
    const auto& items = snapshots_[text_of(step, "ref")];
    const std::size_t index = step.value("index", std::size_t{0});
    if (op == "assertTask") return check_task(step, index);
    if (op == "assertTasks") return check_tasks(step);
    if (op == "assertTaskPresent" || op == "assertExecutionPresent") return index < items.size() ? Trouble() : Trouble("there is none");
    if (op == "assertTaskAbsent" || op == "assertExecutionAbsent") return index < items.size() ? Trouble("there is one, at " + items[index].activity) : Trouble();
    if (op == "assertCount" || (op == "assertJobCount" && !has_async_)) {
      return items.size() == step["count"].get<std::size_t>() ? Trouble() : Trouble("are " + std::to_string(items.size()));
    }
    if (op == "assertJobCount") return {};
    if (op == "assertCountAtLeast") return items.size() >= step["count"].get<std::size_t>() ? Trouble() : Trouble("are " + std::to_string(items.size()));
    if (op == "assertEnded") return bench_.is_live(instance_of(step)) ? Trouble("it lives") : Trouble();
    if (op == "assertNotEnded") return bench_.is_live(instance_of(step)) ? Trouble() : Trouble("it has ended");
    if (op == "assertVariable") return check_variable(step);
    return "there is no such check";
  }

  static bool is_expected(const Item& item, const json& step) {
    if (step.contains("key") && text_of(step, "key") != item.task.element_id) return false;
    if (step.contains("name") && text_of(step, "name") != item.task.name) return false;
    return !step.contains("assignee") || text_of(step, "assignee") == item.task.assignee;
  }

  // Of an unordered snapshot any item will do that no earlier step has taken; the index names it from then on.
  Trouble check_task(const json& step, std::size_t index) {
    if (step.contains("description")) return "a task keeps no description";
    auto& items = snapshots_[text_of(step, "ref")];
    auto& matched = matched_[text_of(step, "ref")];
    if (index >= items.size()) return "there is no such task";
    if (flag_of(step, "unordered") && !matched[index]) {
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (matched[i] || !is_expected(items[i], step)) continue;
        std::swap(items[i], items[index]);
        break;
      }
      matched[index] = true;
    }
    return is_expected(items[index], step) ? Trouble() : Trouble("is " + items[index].task.element_id + " '" + items[index].task.name + "'");
  }

  Trouble check_tasks(const json& step) {
    const bool by_key = step.contains("keys");
    std::vector<std::string> expected = step[by_key ? "keys" : "names"];
    std::vector<std::string> actual;
    for (const Item& item : snapshots_[text_of(step, "ref")]) actual.push_back(by_key ? item.task.element_id : item.task.name);
    if (!flag_of(step, "ordered")) {
      std::sort(expected.begin(), expected.end());
      std::sort(actual.begin(), actual.end());
    }
    return expected == actual ? Trouble() : Trouble("are " + json(actual).dump());
  }

  Trouble check_variable(const json& step) {
    const Variables variables = bench_.variables_of(root_scope(instance_of(step)));
    const auto found = std::find_if(variables.begin(), variables.end(), [&](const Variable& variable) { return variable.name == text_of(step, "name"); });
    const Result<Value> wanted = parse_json(step.contains("value") ? step["value"].dump() : "null");
    const Value actual = found == variables.end() ? Value() : found->value;
    return wanted && *wanted == actual ? Trouble() : Trouble("is " + to_json(actual));
  }

  ProcessInstanceKey instance_of(const json& step) {
    const std::string name = text_of(step, "instance");
    if (const auto found = instances_.find(name); found != instances_.end()) return found->second;
    const auto snapshot = snapshots_.find(name);
    return snapshot == snapshots_.end() || snapshot->second.empty() ? ProcessInstanceKey{} : snapshot->second.front().instance;
  }

  Trouble with_item(const json& step, const std::function<Trouble(const Item&)>& act_on) {
    const std::string ref = step.contains("execution") ? text_of(step, "execution") : text_of(step, "ref");
    const auto& items = snapshots_[ref];
    const std::size_t index = step.value("index", std::size_t{0});
    if (index >= items.size()) {
      acted_ = false;
      return "the snapshot has only " + std::to_string(items.size());
    }
    const Item item = items[index];
    return act_on(item);
  }

  std::string state_now() {
    std::string text;
    for (const IncidentRow& row : bench_.incidents()) text += "; incident at " + row.incident.element_id + ": " + row.incident.message;
    for (const ElementRow& row : bench_.elements()) {
      if (fermata::is_live(row.element.status)) text += "; at " + row.element.element_id;
    }
    return text.substr(0, 700);
  }

  const json& test_;
  std::filesystem::path root_;
  Bench bench_;
  Timestamp start_of_test_;
  bool has_async_ = false;  ///< its job counts depend on jobs that this engine has no need of
  bool acted_ = false;
  std::map<std::string, ProcessInstanceKey> instances_;
  std::map<std::string, std::vector<Item>> snapshots_;
  std::map<std::string, std::vector<bool>> matched_;
};

}  // namespace

CaseResult play_camunda7(const nlohmann::json& test, const std::filesystem::path& root) { return Case(test, root).play(); }

}  // namespace fermata::conformance
