// The singletons behind the table in behaviors.cpp; each is defined in the file of its element.
#pragma once

#include "engine/behavior/behavior.h"

namespace fermata {

const Behavior& process_behavior();              // process.cpp
const Behavior& subprocess_behavior();           // subprocess.cpp
const Behavior& event_subprocess_behavior();     // event_subprocess.cpp
const Behavior& call_activity_behavior();        // call_activity.cpp
const Behavior& pass_through_behavior();         // pass_through.cpp: abstract and manual task
const Behavior& service_task_behavior();         // service_task.cpp
const Behavior& send_task_behavior();            // send_task.cpp
const Behavior& catch_behavior();                // catch_event.cpp: intermediate catch event and receive task
const Behavior& user_task_behavior();            // user_task.cpp
const Behavior& script_task_behavior();          // script_task.cpp
const Behavior& business_rule_task_behavior();   // business_rule_task.cpp
const Behavior& happened_event_behavior();       // happened_event.cpp: start and boundary events
const Behavior& throw_event_behavior();          // throw_event.cpp: intermediate throw and end events
const Behavior& exclusive_gateway_behavior();    // exclusive_gateway.cpp
const Behavior& parallel_gateway_behavior();     // parallel_gateway.cpp
const Behavior& inclusive_gateway_behavior();    // inclusive_gateway.cpp
const Behavior& event_based_gateway_behavior();  // event_based_gateway.cpp

}  // namespace fermata
