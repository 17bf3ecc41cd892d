// Harness: the routes of both dialects over a real engine on a memory store, called as the server calls them.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "cli/serve/models.h"
#include "engine/base/json.h"
#include "engine/runtime/engine.h"
#include "http/engine_rest/operations.h"
#include "http/server/router.h"
#include "http/v2/operations.h"
#include "persistence/memory/memory_store.h"

namespace fermata::http {

struct Answer {
  int status = 0;
  std::string content_type;
  std::string text;
  Value body;
  Headers headers{};

  /// The text of a field; dots lead inwards, numbers pick from lists: "items.0.state".
  [[nodiscard]] std::string at(std::string_view path) const {
    const Value* value = &body;
    while (value != nullptr && !path.empty()) {
      const std::size_t dot = path.find('.');
      const std::string step{path.substr(0, dot)};
      path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
      if (value->is_list()) {
        const auto index = static_cast<std::size_t>(std::stoul(step));
        value = index < value->as_list().size() ? &value->as_list()[index] : nullptr;
      } else {
        value = value->find(step);
      }
    }
    if (value == nullptr) return "(absent)";
    return value->is_string() ? std::string(value->as_string()) : to_json(*value);
  }
};

/// The server around a handler, as far as handlers know it.
class HarnessHost : public RequestHost {
 public:
  bool enter_parking() override { return true; }
  void leave_parking() override {}
  LaterAnswerPtr answer_later() override {
    later_ = std::make_shared<LaterAnswer>([there = there_] { there->set_value(); });
    return later_;
  }
  bool client_gone() const override { return false; }
  bool stopping() const override { return false; }

  /// Waits for the answer that comes later.
  Response wait() {
    if (there_->get_future().wait_for(std::chrono::seconds(60)) != std::future_status::ready) return Response::text(599, "no answer came");
    return later_->take()();
  }

 private:
  std::shared_ptr<std::promise<void>> there_ = std::make_shared<std::promise<void>>();
  LaterAnswerPtr later_;
};

class Harness {
 public:
  explicit Harness(const DecideOptions& decide = {}) {
    EngineOptions options;
    options.partition.decide = decide;
    options.store = std::move(*open_memory_store());
    options.clock = clock;
    options.compile = cli::recompile;
    options.compile_decisions = cli::recompile_decisions;
    options.partition.check_invariants = true;
    engine = std::move(*Engine::open(std::move(options)));
    auto made = std::make_shared<Api>(Api{.engine = *engine, .compile = {cli::compile_file, cli::compile_decision_files}});
    made->evaluate = cli::evaluate_feel;
    made->clock = clock;
    made->writable_clock = clock;
    made->long_poll_default = Duration{0};
    v2::add_routes(router, made);
    engine_rest::add_routes(router, made);
  }

  Answer send(std::string_view method, const std::string& target, const std::string& body = "", Headers headers = {},
              const std::vector<Part>& parts = {}) {
    const std::size_t question = target.find('?');
    const RouteLookup found = router.find(method, std::string_view(target).substr(0, question));
    const RouteMatch* match = std::get_if<RouteMatch>(&found);
    if (match == nullptr) return {std::get<NoRoute>(found).status, {}, {}, {}};
    std::optional<Request> made(std::in_place);
    HarnessHost host;
    Request& request = *made;
    request.host = &host;
    request.method = std::string(method);
    request.path = target.substr(0, question);
    request.path_params = match->path_params;
    if (question != std::string::npos) request.query = *parse_query(std::string_view(target).substr(question + 1));
    request.headers = std::move(headers);
    if (!parts.empty()) {
      request.headers.set("Content-Type", "multipart/form-data; boundary=x");
    } else if (!request.headers.has("Content-Type")) {
      request.headers.set("Content-Type", "application/json");
    }
    request.body = body;
    request.parts = parts;
    request.principal = Principal{"tester", roles};
    request.route = match->route->pattern;
    Response response = match->route->handler(request);
    made.reset();  // an answer that comes later must not know it any more
    if (response.is_later) response = host.wait();
    Answer answer{response.status, response.content_type, response.body, {}, response.headers};
    if (response.problem_text) {
      const ApiStyle& style = router.style_of(target);
      answer.text = style.error_body ? style.error_body(response.status, *response.problem_text)
                                     : problem_document(response.status, response.problem_text->title,
                                                        response.problem_text->detail, target.substr(0, question));
    }
    if (const Result<Value> json = parse_json(answer.text)) answer.body = *json;
    return answer;
  }

  Answer deploy(const std::string& name, const std::string& content) {
    return send("POST", "/v2/deployments", "", {}, {Part{"resources", name, "text/xml", content}});
  }

  RoleSet roles{Role::admin};  ///< of the caller; routes are not guarded here (dispatcher_test does that), handlers may look
  std::shared_ptr<SystemClock> clock = std::make_shared<SystemClock>();
  std::unique_ptr<Engine> engine;
  Router router;
};

/// A process with one service task of type `work`.
inline std::string one_task_model(const std::string& id = "one") {
  return R"(<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="t">
  <process id=")" + id + R"(" name="One task" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="work"/>
    <serviceTask id="work" name="Work">
      <extensionElements><zeebe:taskDefinition type="work"/></extensionElements>
    </serviceTask>
    <sequenceFlow id="f2" sourceRef="work" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>)";
}

}  // namespace fermata::http
