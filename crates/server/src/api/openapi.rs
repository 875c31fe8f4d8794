//! The OpenAPI document, written by hand; a test holds it against the routes.

use std::sync::OnceLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

const DOCUMENT: &str = include_str!("openapi.json");

/// Handles `GET /v1/openapi.json`.
pub(super) async fn show() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    // The version is that of the program, so that the document cannot lag behind.
    let text = TEXT.get_or_init(|| DOCUMENT.replace("{{version}}", env!("CARGO_PKG_VERSION")));
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_in_the_document_and_nothing_else() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let written: Vec<(String, Vec<String>)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, item)| {
                let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
                (path.clone(), methods.cloned().collect())
            })
            .collect();
        let mut routes: Vec<(String, Vec<String>)> = super::super::ROUTES
            .iter()
            .map(|(path, methods)| ((*path).to_owned(), methods.iter().map(|one| (*one).to_owned()).collect()))
            .collect();
        routes.sort();
        assert_eq!(written, routes);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        for reference in DOCUMENT.split("\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "#{reference}");
        }
    }
}
