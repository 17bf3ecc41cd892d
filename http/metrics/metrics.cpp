#include "http/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "engine/base/check.h"

namespace fermata::http {

namespace {

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.15g", value);
  return text.data();
}

/// Help texts escape backslash and newline, label values the quote as well.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out.push_back(c);
  }
  return out;
}

void write_header(std::string& out, const std::string& name, const std::string& help, std::string_view type) {
  out += "# HELP " + name + ' ' + escaped(help, false) + "\n# TYPE " + name + ' ';
  out.append(type) += '\n';
}

std::string label_text(const std::vector<std::string>& names, const LabelValues& values, const std::string& le = {}) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (out.empty() ? "" : ",") + names[i] + "=\"" + escaped(values[i], true) + '"';
  if (!le.empty()) out += (out.empty() ? "" : ",") + std::string("le=\"") + le + '"';
  return out.empty() ? out : '{' + out + '}';
}

using Names = std::vector<std::string>;

std::string_view type_of(const Counter*) {
  return "counter";
}
std::string_view type_of(const Gauge*) {
  return "gauge";
}
std::string_view type_of(const Histogram*) {
  return "histogram";
}

void write_series(std::string& out, const std::string& name, const Names& names, const LabelValues& values,
                  const Counter& counter) {
  out += name + label_text(names, values) + ' ' + std::to_string(counter.value()) + '\n';
}
void write_series(std::string& out, const std::string& name, const Names& names, const LabelValues& values,
                  const Gauge& gauge) {
  out += name + label_text(names, values) + ' ' + std::to_string(gauge.value()) + '\n';
}
void write_series(std::string& out, const std::string& name, const Names& names, const LabelValues& values,
                  const Histogram& histogram) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= Histogram::bounds.size(); ++i) {
    count += histogram.bucket(i);
    const std::string le = i < Histogram::bounds.size() ? number_text(Histogram::bounds[i]) : "+Inf";
    out += name + "_bucket" + label_text(names, values, le) + ' ' + std::to_string(count) + '\n';
  }
  out += name + "_sum" + label_text(names, values) + ' ' + number_text(histogram.sum()) + '\n';
  out += name + "_count" + label_text(names, values) + ' ' + std::to_string(count) + '\n';
}

template <class Metric>
Family<Metric>& family(std::map<std::string, std::unique_ptr<Family<Metric>>>& families, const std::string& name,
                       const std::string& help, Names labels) {
  auto& found = families[name];
  if (!found) found = std::make_unique<Family<Metric>>(name, help, std::move(labels));
  return *found;
}

}  // namespace

void Histogram::observe(double seconds) {
  const auto at = std::lower_bound(bounds.begin(), bounds.end(), seconds);
  buckets_[static_cast<std::size_t>(at - bounds.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_ns_.fetch_add(static_cast<std::uint64_t>(std::max(seconds, 0.0) * 1e9), std::memory_order_relaxed);
}

template <class Metric>
Metric& Family<Metric>::with(const LabelValues& values) {
  FERMATA_CHECK(values.size() == labels_.size(), "a series has one value for each label of its family");
  const std::scoped_lock lock(mutex_);
  auto found = series_.find(values);
  if (found == series_.end()) {
    const LabelValues key = series_.size() < series_max ? values : LabelValues(labels_.size(), "other");
    found = series_.try_emplace(key).first;
    if (!found->second) found->second = std::make_unique<Metric>();
  }
  return *found->second;
}

template <class Metric>
void Family<Metric>::write(std::string& out) const {
  write_header(out, name_, help_, type_of(static_cast<const Metric*>(nullptr)));
  const std::scoped_lock lock(mutex_);
  for (const auto& [values, metric] : series_) write_series(out, name_, labels_, values, *metric);
}

template class Family<Counter>;
template class Family<Gauge>;
template class Family<Histogram>;

Family<Counter>& Registry::counters(const std::string& name, const std::string& help, Names labels) {
  const std::scoped_lock lock(mutex_);
  return family(counters_, name, help, std::move(labels));
}

Family<Gauge>& Registry::gauges(const std::string& name, const std::string& help, Names labels) {
  const std::scoped_lock lock(mutex_);
  return family(gauges_, name, help, std::move(labels));
}

Family<Histogram>& Registry::histograms(const std::string& name, const std::string& help, Names labels) {
  const std::scoped_lock lock(mutex_);
  return family(histograms_, name, help, std::move(labels));
}

void Registry::observe(const std::string& name, const std::string& help, std::function<double()> read) {
  const std::scoped_lock lock(mutex_);
  observed_[name] = {help, std::move(read)};
}

std::string Registry::exposition() const {
  const std::scoped_lock lock(mutex_);
  std::map<std::string, std::string> texts;
  for (const auto& [name, counter] : counters_) counter->write(texts[name]);
  for (const auto& [name, gauge] : gauges_) gauge->write(texts[name]);
  for (const auto& [name, histogram] : histograms_) histogram->write(texts[name]);
  for (const auto& [name, observed] : observed_) {
    write_header(texts[name], name, observed.help, name.ends_with("_total") ? "counter" : "gauge");
    texts[name] += name + ' ' + number_text(observed.read()) + '\n';
  }
  std::string out;
  for (const auto& [name, text] : texts) out += text;
  return out;
}

}  // namespace fermata::http
