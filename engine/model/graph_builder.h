// GraphBuilder: the only maker of a ProcessGraph. Links elements and flows, and precomputes what behaviours need.
//
// Floor 1. It trusts its caller (processes/bpmn has validated the model); a broken link is a defect and fails a check.
//
//   GraphBuilder builder("order", "Order");
//   ElementIndex start = builder.add({.id = "start", .kind = ElementKind::start_event, .scope = process_element});
//   builder.connect({.id = "f1", .source = start, .target = task});
//   ProcessGraphPtr graph = std::move(builder).build();
#pragma once

#include <string>

#include "engine/model/process_graph.h"

namespace fermata {

class GraphBuilder {
 public:
  /// Adds the process as element 0.
  GraphBuilder(std::string process_id, std::string process_name);

  /// Adds an element and answers its index; `scope` must be added before. `index`, `incoming`, `outgoing`, `children`,
  /// `start_events`, `event_subprocesses` and `boundary_events` are filled in here.
  ElementIndex add(Element element);
  FlowIndex connect(SequenceFlow flow);

  /// For references that are only known later (default flows, handlers, activityRef). Valid until the next add().
  [[nodiscard]] Element& element(ElementIndex index);
  void set_version_tag(std::string tag);

  /// Links everything and computes the upstream sets. The builder is used up.
  [[nodiscard]] ProcessGraphPtr build() &&;

 private:
  ProcessGraph graph_;
};

}  // namespace fermata
