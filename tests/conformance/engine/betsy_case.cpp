#include "tests/conformance/engine/betsy_case.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "engine/record/codec.h"
#include "tests/conformance/engine/bench.h"

namespace fermata::conformance {
namespace {

using nlohmann::json;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); !from.empty() && at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

std::string escaped(std::string text) {
  replace_all(text, "&", "&amp;");
  replace_all(text, "<", "&lt;");
  replace_all(text, ">", "&gt;");
  return text;
}

bool effect_is(const json& script, const char* effect) { return script["effect"].get<std::string>().find(effect) != std::string::npos; }

class Case {
 public:
  Case(const json& test, const json& test_case, const std::filesystem::path& files) : test_(test), test_case_(test_case), files_(files) {}

  CaseResult play() {
    const std::vector<std::string> expected = test_case_["expectedTraceSorted"];
    const bool wants_error = expected == std::vector<std::string>{"ERROR"};
    const std::string file = test_["file"];
    if (const Result<void> done = bench_.deploy({{file, model(read_text(files_ / file))}}); !done) {
      return wants_error ? CaseResult{} : CaseResult{Kind::refused, done.error().message};
    }
    for (const json& step : test_case_["steps"]) {
      if (step["step"] == "start") start(step);
      if (step["step"] == "wait") pass_time(step["milliseconds"]);
    }
    pass_time(std::max<std::int64_t>(test_case_.value("delayMs", std::int64_t{0}), longest_script_ms()));
    std::vector<std::string> trace = tokens();
    if (trace == expected || (wants_error && has_error_)) return {};
    if (std::string difference = bench_.difference(); !difference.empty()) return {Kind::open_defect, difference};
    return {Kind::open_defect, "expected " + json(expected).dump() + ", got " + json(trace).dump() + trouble_};
  }

 private:
  std::string model(std::string text) const {
    for (const json& expression : test_["expressions"]) {
      if (!expression.contains("feel") || !expression["feel"].is_string()) continue;
      const std::string from = expression["text"];
      replace_all(text, "<![CDATA[" + from + "]]>", escaped(expression["feel"]));
      replace_all(text, ">" + escaped(from) + "<", ">" + escaped(expression["feel"]) + "<");
    }
    for (const json& script : test_["scripts"]) {
      if (effect_is(script, "timed")) text = with_job(std::move(text), script["element"], script["scriptToken"]);
      // Each engine has its own words for reading and writing data; here they are FEEL.
      if (effect_is(script, "set-data")) replace_all(text, ">" + std::string(script["scriptToken"]) + "<", ">{ data: \"" + std::string(script["value"]) + "\" }<");
      if (effect_is(script, "log-data")) {
        const json& token = script["token_if_equal"];
        replace_all(text, ">" + std::string(script["scriptToken"]) + "<", ">{ " + std::string(token["token"]) + ": data = \"" + std::string(token["value"]) + "\" }<");
      }
    }
    return text;
  }

  // <x:scriptTask id="e"> ... <x:script>S</x:script> becomes a task with a job of type S.
  static std::string with_job(std::string text, const std::string& element, const std::string& script) {
    const std::size_t id = text.find("id=\"" + element + "\"");
    const std::size_t open = text.rfind('<', id);
    const std::size_t colon = text.find(':', open);
    const std::string prefix = colon < id ? text.substr(open + 1, colon - open) : std::string();
    replace_all(text, "<" + prefix + "script>" + script + "</" + prefix + "script>", "");
    const std::size_t end = text.find('>', id);
    const std::string job = "<" + prefix + "extensionElements><zeebe:taskDefinition xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" type=\"" + script +
                            "\"/></" + prefix + "extensionElements>";
    return text.insert(end + 1, job);
  }

  void start(const json& step) {
    const auto variables = decode_variables(step["variables"].dump());
    const auto instance = bench_.start(step["processId"], variables ? *variables : Variables{});
    bench_.settle();
    if (!instance) {
      has_error_ = true;
      trouble_ += "; start: " + instance.error().message;
    }
  }

  void pass_time(std::int64_t ms) {
    const Timestamp end = bench_.now() + Duration{ms};
    while (bench_.now().ms <= end.ms) {
      complete_jobs();
      if (bench_.now().ms == end.ms) break;
      bench_.let_time_pass(Duration{std::min<std::int64_t>(500, end.ms - bench_.now().ms)});
    }
  }

  void complete_jobs() {
    const std::vector<JobRow> jobs = bench_.jobs();
    overlapped_ = overlapped_ || jobs.size() > 1;
    for (const JobRow& row : jobs) {
      for (const json& script : test_["scripts"]) {
        if (script["element"] != row.job.element_id || bench_.now().ms < row.job.created_at.ms + script.value("seconds", 0) * 1'000) continue;
        CompleteJob done;
        done.job = row.job.key;
        (void)bench_.ask(std::move(done));
      }
    }
  }

  bool is_true(const std::string& name) {
    for (const VariableRow& row : bench_.variables()) {
      if (row.variable.name == name) return row.variable.value == Value::boolean(true);
    }
    return false;
  }

  std::int64_t longest_script_ms() const {
    std::int64_t longest = 0;
    for (const json& script : test_["scripts"]) longest = std::max<std::int64_t>(longest, script.value("seconds", 0) * 1'000);
    return longest;
  }

  std::vector<std::string> tokens() {
    std::vector<std::string> trace;
    for (const ElementRow& row : bench_.elements()) {
      if (row.element.status != ElementStatus::completed || row.element.role == ElementRole::multi_instance_body) continue;
      for (const json& script : test_["scripts"]) {
        if (script["element"] == row.element.element_id && effect_is(script, "emit")) trace.push_back(script["token"]);
      }
    }
    for (const json& script : test_["scripts"]) {
      if (effect_is(script, "log-data") && is_true(script["token_if_equal"]["token"])) trace.push_back(script["token_if_equal"]["token"]);
    }
    if (overlapped_) trace.push_back("EXECUTION_parallel");
    for (const IncidentRow& row : bench_.all_incidents()) {
      has_error_ = true;
      trouble_ += "; incident at " + row.incident.element_id + ": " + row.incident.message;
      trace.push_back(row.incident.type == IncidentType::unhandled_error ? "ERROR_thrownErrorEvent" : "ERROR_runtime");
    }
    for (const ElementRow& row : bench_.elements()) {
      if (is_live(row.element.status)) trouble_ += "; at " + row.element.element_id;
    }
    std::sort(trace.begin(), trace.end());
    return trace;
  }

  const json& test_;
  const json& test_case_;
  std::filesystem::path files_;
  Bench bench_;
  bool has_error_ = false;
  bool overlapped_ = false;  ///< two of the long scripts ran at the same time
  std::string trouble_;
};

}  // namespace

CaseResult play_betsy(const nlohmann::json& test, const nlohmann::json& test_case, const std::filesystem::path& files) {
  return Case(test, test_case, files).play();
}

}  // namespace fermata::conformance
