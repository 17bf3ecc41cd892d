// How camunda: says who does the work of a task: external task, connector, class, delegate, expression; and its
// retries.
#include <algorithm>
#include <charconv>

#include "engine/base/time.h"
#include "processes/bpmn/compile/composite_expression.h"
#include "processes/bpmn/dialect/camunda.h"
#include "processes/bpmn/xml.h"

namespace fermata::bpmn::camunda {
namespace {

JobDefinition& job_of(Element& element) {
  if (!element.job) element.job.emplace();
  return *element.job;
}

void read_external(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlAttribute* topic = xml.find(Namespace::camunda, "topic");
  if (topic == nullptr || trimmed(topic->value).empty()) {
    context.report(rules::extension_missing, xml, "the external task has no 'camunda:topic'");
    return;
  }
  job_of(element).type = context.read_value(xml, topic);
}

// A class or a bean lives in a Java program that is not here; its name becomes the job type, so that a worker can stand
// in for it.
void read_class(CompileContext& context, const XmlElement& xml, const XmlAttribute& name, Element& element) {
  std::string type(trimmed(name.value));
  if ((type.starts_with("${") || type.starts_with("#{")) && type.ends_with('}'))
    type = trimmed(std::string_view(type).substr(2, type.size() - 3));
  if (type.empty()) {
    context.report(rules::extension_missing, xml, name, "'camunda:" + name.name + "' is empty");
    return;
  }
  context.report(rules::class_as_job, xml, name, "'camunda:" + name.name + "' becomes a job of type '" + type + "'");
  job_of(element).type = make_constant(Value::string(std::move(type)));
}

void read_connector(CompileContext& context, const XmlElement& connector, Element& element) {
  const XmlElement* id = connector.child(Namespace::camunda, "connectorId");
  const std::string_view name = id == nullptr ? std::string_view{} : id->trimmed_text();
  if (name.empty()) {
    context.report(rules::extension_missing, connector, "the connector has no camunda:connectorId");
    return;
  }
  job_of(element).type = make_constant(Value::string(name == "http-connector" ? std::string_view("http") : name));
}

// Of the task, or else of its process, which Camunda 7 takes for all external tasks in it.
ExpressionPtr read_priority(CompileContext& context, const XmlElement& xml) {
  if (xml.find(Namespace::camunda, "taskPriority") != nullptr)
    return context.read_number(xml, xml.find(Namespace::camunda, "taskPriority"));
  for (const XmlElement* at = xml.parent; at != nullptr; at = at->parent) {
    if (at->is("process")) return context.read_number(*at, at->find(Namespace::camunda, "taskPriority"));
  }
  return nullptr;
}

void read_headers(const XmlElement& xml, JobDefinition& job) {
  const XmlElement* properties = extension(xml, Namespace::camunda, "properties");
  if (properties == nullptr) return;
  for (const XmlElement* property : properties->children_named(Namespace::camunda, "property")) {
    if (property->has("name")) job.headers.emplace_back(property->get("name"), property->get("value"));
  }
}

// camunda:errorEventDefinition: after the worker reported, a condition may turn the outcome into a BPMN error.
void read_error_conditions(CompileContext& context, const XmlElement& xml, JobDefinition& job) {
  for (const XmlElement* definition : extensions(xml, Namespace::camunda, "errorEventDefinition")) {
    const XmlElement* error = context.model().resolve(*definition, definition->get("errorRef"));
    if (error == nullptr || !error->is("error")) {
      context.report(rules::dangling_reference, *definition,
                     "'errorRef' of camunda:errorEventDefinition names no <error>");
      continue;
    }
    if (trimmed(definition->get("expression")).empty()) {
      context.report(rules::extension_missing, *definition, "camunda:errorEventDefinition has no 'expression'");
      continue;
    }
    const std::string_view code = error->get("errorCode").empty() ? error->get("id") : error->get("errorCode");
    job.error_conditions.emplace_back(context.read_expression(*definition, definition->get("expression")),
                                      make_constant(Value::string(code)));
  }
}

// The retry cycle itself: "R3/PT10S" means 3 tries with 10 s between; a list means one try more than it has entries.
bool parse_retry_cycle(std::string_view text, std::int64_t& retries, std::vector<std::string>& delays) {
  const auto valid = [](std::string_view delay) { return parse_iso8601_duration(delay).has_value(); };
  if (text.starts_with('R')) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view count = text.substr(1, slash - 1);
    const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), retries);
    if (error != std::errc{} || end != count.data() + count.size() || retries < 1) return false;
    delays.emplace_back(text.substr(slash + 1));
    return valid(delays.back());
  }
  while (true) {
    const std::size_t comma = text.find(',');
    delays.emplace_back(trimmed(text.substr(0, comma)));
    if (!valid(delays.back())) return false;
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  retries = static_cast<std::int64_t>(delays.size()) + 1;
  return true;
}

}  // namespace

void read_retries(CompileContext& context, const XmlElement& xml, JobDefinition& job) {
  const XmlElement* cycle = extension(xml, Namespace::camunda, "failedJobRetryTimeCycle");
  if (cycle == nullptr || cycle->trimmed_text().empty()) return;
  std::int64_t retries = 0;
  std::vector<std::string> delays;
  if (!parse_retry_cycle(cycle->trimmed_text(), retries, delays)) {
    context.report(rules::extension_value, *cycle,
                   "camunda:failedJobRetryTimeCycle '" + std::string(cycle->trimmed_text()) +
                       "' is neither like R3/PT10S nor a list of durations like PT10M,PT17M");
    return;
  }
  job.retries = make_constant(Value::integer(retries));
  job.retry_delays = std::move(delays);
}

bool read_implementation(CompileContext& context, const XmlElement& xml, Element& element) {
  const XmlAttribute* type = xml.find(Namespace::camunda, "type");
  const XmlAttribute* expression = xml.find(Namespace::camunda, "expression");
  const XmlElement* connector = extension(xml, Namespace::camunda, "connector");
  const XmlAttribute* java_class = xml.find(Namespace::camunda, "class");
  const XmlAttribute* delegate = xml.find(Namespace::camunda, "delegateExpression");
  const int ways = (type != nullptr) + (expression != nullptr) + (connector != nullptr) + (java_class != nullptr) +
                   (delegate != nullptr);
  if (ways == 0) return false;
  if (ways > 1) {
    context.report(
        rules::extension_conflict, xml,
        described(xml) + " has several of camunda:type, expression, connector, class and delegateExpression");
    return true;
  }
  if (type != nullptr && type->value == "external") {
    read_external(context, xml, element);
  } else if (type != nullptr) {
    context.report(rules::no_extension, xml, *type, "camunda:type '" + type->value + "' is not executed");
    return true;
  } else if (expression != nullptr && !xml.is("serviceTask")) {
    return true;  // refused by rules/extensions.cpp
  } else if (expression != nullptr) {
    if (trimmed(expression->value).empty())
      context.report(rules::extension_missing, xml, *expression, "'camunda:expression' is empty");
    element.script = ScriptDefinition{context.read_value(xml, expression),
                                      std::string(xml.get(Namespace::camunda, "resultVariable"))};
    return true;
  } else if (connector != nullptr) {
    read_connector(context, *connector, element);
  } else {
    read_class(context, xml, java_class != nullptr ? *java_class : *delegate, element);
  }
  JobDefinition& job = job_of(element);
  job.priority = read_priority(context, xml);
  read_headers(xml, job);
  read_error_conditions(context, xml, job);
  read_retries(context, xml, job);
  return true;
}

}  // namespace fermata::bpmn::camunda
