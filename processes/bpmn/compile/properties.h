// Properties (BPMN 2.0.2, 10.4.1): named places for data that nobody draws.
//
// A property of a process is a variable of the instance: variables need no declaration, so there is nothing to compile. A
// property of a subprocess is a variable of its scope, unset until something inside writes it.
#pragma once

#include "processes/bpmn/compile/context.h"

namespace fermata::bpmn {

/// The <property> of `subprocess` becomes local variables of `element`. Before all input mappings, which may fill them.
void read_properties(const XmlElement& subprocess, Element& element);

/// What bpmn-js writes so that a data association has a target: stands for no data.
[[nodiscard]] bool is_placeholder_property(const XmlElement& property);

}  // namespace fermata::bpmn
