// What this folder's answers are made of, under the names that its users know: processes/xml/problem.h says what they are.
#pragma once

#include "processes/xml/problem.h"

namespace fermata::bpmn {

using xml::Position;
using xml::Problem;
using xml::Severity;
using xml::severity_name;

}  // namespace fermata::bpmn
