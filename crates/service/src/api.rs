//! The law and its calculators as JSON, with OpenAPI. Reads and keeps nothing of people.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base::{Date, Explain};
use chapter::NoData;
use law::calc::{CALCULATORS, CalcError, Calculator, Given, JsonSchema};
use law::{LookupError, Parameter};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Lookup;

/// Routes of the interface.
pub(crate) fn routes() -> Router<Lookup> {
    Router::new()
        .route("/api/law", get(parameters))
        .route("/api/law/{key}", get(parameter))
        .route("/api/calculators", get(calculators))
        .route("/api/calculators/{name}", post(calculate))
        .route("/api/openapi.json", get(openapi))
}

/// The day and selector of a question.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Day; today when absent.
    on: Option<Date>,
    /// Word of the selector.
    selector: Option<String>,
}

async fn parameters(State(lookup): State<Lookup>) -> Response {
    let all: Vec<Value> = lookup.app.law.parameters().map(summary).collect();
    answer(StatusCode::OK, json!({ "schema": 1, "parameters": all }))
}

fn summary(parameter: &Parameter) -> Value {
    let doubtful = parameter.values.iter().filter(|dated| dated.confidence.is_doubtful()).count();
    json!({
        "key": parameter.key, "description": parameter.description, "unit": parameter.unit,
        "selector": parameter.selector.as_ref().map(|s| json!({ "name": s.name, "values": s.values, "scale": s.scale })),
        "first_day": parameter.first_day(), "doubtful": doubtful,
    })
}

async fn parameter(State(lookup): State<Lookup>, Path(key): Path<String>, Query(asked): Query<Asked>) -> Response {
    let on = asked.on.unwrap_or_else(|| lookup.today());
    match lookup.app.law.show(&key, on, asked.selector.as_deref()) {
        Ok(shown) => {
            let mut record = json!(shown);
            record["schema"] = json!(1);
            record["key"] = json!(key);
            record["on"] = json!(on);
            answer(StatusCode::OK, record)
        }
        Err(error) => {
            let unknown = matches!(error, LookupError::UnknownKey { .. });
            let status = if unknown { StatusCode::NOT_FOUND } else { StatusCode::UNPROCESSABLE_ENTITY };
            refused(status, &error, error.to_string()).into_response()
        }
    }
}

async fn calculators() -> Response {
    let all: Vec<Value> = CALCULATORS
        .iter()
        .map(|calculator| {
            let (input, output) = ((calculator.input)(), (calculator.output)());
            json!({
                "name": calculator.name, "title": { "vi": calculator.vi, "en": calculator.en },
                "input": JsonSchema(&input), "output": JsonSchema(&output),
            })
        })
        .collect();
    answer(StatusCode::OK, json!({ "schema": 1, "calculators": all }))
}

async fn calculate(State(lookup): State<Lookup>, Path(name): Path<String>, body: String) -> Response {
    let Some(calculator) = Calculator::of(&name) else {
        let error = json!({ "code": "unknown_calculator", "message": format!("không có phép tính `{name}`"), "place": name, "remedy": "GET /api/calculators" });
        return answer(StatusCode::NOT_FOUND, json!({ "schema": 1, "error": error }));
    };
    let given: Given = match serde_json::from_str(&body) {
        Ok(given @ Given::Map(_)) => given,
        Ok(_) => return malformed("a JSON object belongs here".into()),
        Err(error) => return malformed(error.to_string()),
    };
    match calculator.answer(&lookup.app.law, &given) {
        Ok(found) => {
            let mut record = json!(found);
            record["schema"] = json!(1);
            answer(StatusCode::OK, record)
        }
        Err(error) => refused(StatusCode::UNPROCESSABLE_ENTITY, &error, error.vi()).with_fields(&error),
    }
}

fn malformed(what: String) -> Response {
    let error = json!({ "code": "not_json", "message": what, "place": "", "remedy": "GET /api/openapi.json" });
    answer(StatusCode::BAD_REQUEST, json!({ "schema": 1, "error": error }))
}

fn refused(status: StatusCode, error: &impl Explain, message: String) -> Refused {
    let record = json!({ "code": error.code(), "message": message, "place": error.place(), "remedy": error.remedy() });
    Refused { status, record }
}

/// A refusal that may still get the faults of single fields.
struct Refused {
    status: StatusCode,
    record: Value,
}

impl Refused {
    fn with_fields(mut self, error: &CalcError) -> Response {
        if let CalcError::Input(faults) = error {
            let fields: Vec<Value> =
                faults.iter().map(|fault| json!({ "field": fault.path, "vi": fault.vi(), "en": fault.en() })).collect();
            self.record["fields"] = json!(fields);
        }
        self.into_response()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        answer(self.status, json!({ "schema": 1, "error": self.record }))
    }
}

fn answer(status: StatusCode, record: Value) -> Response {
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], record.to_string()).into_response();
    response.extensions_mut().insert(NoData);
    response
}

async fn openapi() -> Response {
    answer(StatusCode::OK, document())
}

/// The interface in OpenAPI 3.1; schemas of calculators are those of their fields.
fn document() -> Value {
    let mut paths = serde_json::Map::new();
    let error = json!({ "$ref": "#/components/responses/Error" });
    let json_body = |schema: Value| json!({ "application/json": { "schema": schema } });
    paths.insert(
        "/api/law".into(),
        json!({ "get": {
        "summary": "All parameters of the law", "operationId": "listParameters",
        "responses": { "200": { "description": "Parameters", "content": json_body(json!({ "type": "object" })) } },
    } }),
    );
    paths.insert("/api/law/{key}".into(), json!({ "get": {
        "summary": "A parameter on a day", "operationId": "showParameter",
        "parameters": [
            { "name": "key", "in": "path", "required": true, "schema": { "type": "string" } },
            { "name": "on", "in": "query", "schema": { "type": "string", "format": "date" } },
            { "name": "selector", "in": "query", "schema": { "type": "string" } },
        ],
        "responses": { "200": { "description": "Value, unit, days, citation, confidence", "content": json_body(json!({ "type": "object" })) }, "404": error, "422": error },
    } }));
    for calculator in CALCULATORS {
        let (input, output) = ((calculator.input)(), (calculator.output)());
        let result = json!({
            "type": "object",
            "required": ["schema", "calculator", "amount", "parts", "result", "trace", "doubts", "reference_only"],
            "properties": {
                "schema": { "const": 1 }, "calculator": { "const": calculator.name }, "amount": { "type": ["integer", "null"] },
                "parts": { "type": "object", "additionalProperties": { "type": "integer" } },
                "result": JsonSchema(&output), "trace": { "type": "array", "items": { "type": "object" } },
                "doubts": { "type": "array", "items": { "type": "object" } }, "reference_only": { "const": true },
            },
        });
        paths.insert(format!("/api/calculators/{}", calculator.name), json!({ "post": {
            "summary": calculator.en, "description": calculator.vi, "operationId": calculator.name,
            "requestBody": { "required": true, "content": json_body(json!(JsonSchema(&input))) },
            "responses": { "200": { "description": "Answer with its trace; for reference only", "content": json_body(result) }, "400": error, "422": error },
        } }));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "An Sinh: law and calculators", "version": env!("CARGO_PKG_VERSION"), "description": "Answers are for reference; a person decides. Nothing sent here is kept." },
        "paths": paths,
        "components": { "responses": { "Error": {
            "description": "What is wrong, where, what to do",
            "content": json_body(json!({ "type": "object", "required": ["schema", "error"], "properties": {
                "schema": { "const": 1 },
                "error": { "type": "object", "required": ["code", "message", "place", "remedy"], "properties": {
                    "code": { "type": "string" }, "message": { "type": "string" }, "place": { "type": "string" }, "remedy": { "type": "string" },
                    "fields": { "type": "array", "items": { "type": "object" } },
                } },
            } })),
        } } },
    })
}
