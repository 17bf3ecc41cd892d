// Every bound of the engine in one place, with its unit in its name. A bound that is hit ends in a clear error or an incident.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fermata::limits {

// Values
inline constexpr std::size_t value_depth_max = 200;               // nesting of lists and contexts
inline constexpr std::size_t variable_bytes_max = 4u << 20;       // one variable as JSON
inline constexpr std::size_t variables_per_command_max = 1'000;   // that a client sends; one may be an object with as many entries as it likes

// Deployment
inline constexpr std::size_t resource_bytes_max = 8u << 20;
inline constexpr std::size_t elements_per_process_max = 20'000;
inline constexpr std::size_t resources_per_deployment_max = 200;
inline constexpr std::size_t xml_depth_max = 90;                  // nesting of elements; tinyxml2 stops at 100
inline constexpr std::size_t xml_attributes_max = 200;            // of one element
inline constexpr std::size_t xml_elements_max = 300'000;          // of one file
inline constexpr std::size_t xml_name_bytes_max = 256;            // of an element or attribute name
inline constexpr std::size_t problems_per_file_max = 100;         // reported; then one more that says so

// One command
inline constexpr std::size_t steps_per_command_max = 50'000;      // behaviour calls before the instance gets an incident
inline constexpr std::size_t commands_per_chain_max = 20'000;    // follow-up commands (calls, messages, signals) of one client command
inline constexpr std::size_t multi_instance_width_max = 10'000;   // inner instances of one activity
inline constexpr std::size_t call_depth_max = 50;                 // call activities within call activities
inline constexpr std::size_t live_element_instances_max = 100'000;  // of one process instance

// Timers
inline constexpr std::size_t timer_text_bytes_max = 300;          // a date, duration, repetition or cron expression
inline constexpr std::int32_t timer_repetitions_max = 1'000'000;  // R<n>
inline constexpr std::int64_t timer_period_ms_min = 100;          // of a cycle
inline constexpr std::int64_t cron_search_years_max = 100;        // how far ahead the next time of a cron expression is looked for

// Runtime
inline constexpr std::size_t queue_commands_max = 8'192;
inline constexpr std::size_t batch_commands_max = 1'024;
inline constexpr std::size_t activation_bytes_max = 16u << 20;    // of the variables that one activation answers; one job is always given
inline constexpr std::int64_t lease_ms_max = std::int64_t{366} * 24 * 3600 * 1000;  // of a job, and how long a retry may wait
inline constexpr std::size_t history_error_bytes_max = 16u << 10; // an error text kept with a job or an incident

static_assert(batch_commands_max <= queue_commands_max);
static_assert(commands_per_chain_max < steps_per_command_max);

}  // namespace fermata::limits
