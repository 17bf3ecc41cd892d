// The search routes: one function for all collections, given the store's search and the row's writer.
//
//   return search<IncidentRow>(api, request, incidents, &ReadSession::search_incidents, write_incident);
#pragma once

#include <type_traits>

#include "http/v2/answer.h"
#include "http/v2/json_writer.h"
#include "http/v2/search_request.h"

namespace fermata::http::v2 {

template <class Row>
using SearchFunction = Result<Page<Row>> (ReadSession::*)(const Query&);

template <class Row>
void write_page_info(JsonWriter& json, const Page<Row>& page) {
  json.begin_object("page")
      .number("totalItems", page.total)
      .flag("hasMoreTotalItems", page.more_than_total)
      .text_or_null("startCursor", page.start_cursor)
      .text_or_null("endCursor", page.end_cursor)
      .end_object();
}

/// The page as {"items":[...],"page":{...}}.
template <class Row, class Write>
[[nodiscard]] Response answer_page(const Page<Row>& page, Write&& write) {
  JsonWriter json;
  json.begin_object().begin_array("items");
  for (const Row& row : page.items) write(json, row);
  json.end_array();
  write_page_info(json, page);
  json.end_object();
  return Response::json(200, json.take());
}

/// A writer that may look things up for its row becomes one of writer and row.
template <class Write>
[[nodiscard]] auto bind_session(ReadSession& session, Write& write) {
  return [&](JsonWriter& json, const auto& row) {
    if constexpr (std::is_invocable_v<Write&, JsonWriter&, decltype(row), ReadSession&>) {
      write(json, row, session);
    } else {
      write(json, row);
    }
  };
}

/// `write` takes the writer and the row, or the snapshot as well. `also`: conditions that the route itself imposes (the instance in
/// the path).
template <class Row, class Write>
[[nodiscard]] Response search(const Api& api, const Request& request, const Collection& collection, SearchFunction<Row> function,
                              Write&& write, const std::vector<FieldCondition>& also = {}) {
  return with_body(request, [&](const Value& body) {
    Result<SearchRequest> parsed = parse_search(body, collection);
    if (!parsed) return answer_error(parsed.error());
    if (parsed->matches_nothing) return answer_page(Page<Row>{}, [](JsonWriter&, const Row&) {});
    parsed->query.where.insert(parsed->query.where.end(), also.begin(), also.end());
    return with_session(api, [&](ReadSession& session) {
      const Result<Page<Row>> page = (session.*function)(parsed->query);
      return page ? answer_page(*page, bind_session(session, write)) : answer_error(page.error());
    });
  });
}

/// GET of one thing by the key in its path.
template <class Key, class Row, class Write>
[[nodiscard]] Response get_one(const Api& api, const Request& request, std::string_view parameter, std::string_view what,
                               Result<std::optional<Row>> (ReadSession::*function)(Key), Write&& write) {
  return with_key<Key>(request, parameter, [&](Key key) {
    return with_session(api, [&](ReadSession& session) {
      const Result<std::optional<Row>> row = (session.*function)(key);
      if (!row) return answer_error(row.error());
      if (!*row) return not_found(what, key.text());
      JsonWriter json;
      bind_session(session, write)(json, **row);
      return Response::json(200, json.take());
    });
  });
}

/// The deployed file behind a definition, as it came.
[[nodiscard]] inline Response answer_file(ReadSession& session, ResourceKey key) {
  const auto resource = session.resource(key);
  if (!resource) return answer_error(resource.error());
  if (!*resource) return Response::problem(500, "DATA_LOSS", "The file of this definition is not in the store.");
  Response response;
  response.content_type = "text/xml";
  response.body = (*resource)->content;
  return response;
}

}  // namespace fermata::http::v2
