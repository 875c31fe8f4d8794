//! What a request asks, read so that every refusal is problem details with the member at fault.
//!
//! What the parser says is kept out of the answer where it could quote the sender: a value is never repeated, and
//! a name only if it looks like one.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use doudi_model::Lang;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::member;
use crate::app::App;
use crate::reply::{lang, problem_response};
use crate::words::fault;

/// The number or id in a path; what is no text names nothing.
pub(super) struct Named(pub(super) String);

impl FromRequestParts<App> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Named, Response> {
        match Path::<String>::from_request_parts(parts, app).await {
            Ok(Path(id)) => Ok(Named(id)),
            Err(_) => Err(problem_response(StatusCode::NOT_FOUND, &fault::not_found(), lang(&parts.headers, app))),
        }
    }
}

/// What can stand behind the `?`: each name with what is expected there.
pub(super) trait Questions: DeserializeOwned {
    /// Name, expected in Chinese and in English.
    const NAMES: &'static [(&'static str, &'static str, &'static str)];
}

/// The query of a request.
pub(super) struct Asked<T>(pub(super) T);

impl<T: Questions> FromRequestParts<App> for Asked<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Asked<T>, Response> {
        Query::<T>::from_request_parts(parts, app).await.map(|Query(asked)| Asked(asked)).map_err(|refused| {
            let said = refused.body_text();
            let at_fault = T::NAMES.iter().find(|(name, ..)| said.contains(&format!(": {name}: ")));
            problem_response(StatusCode::BAD_REQUEST, &fault::bad_query(at_fault, T::NAMES), lang(&parts.headers, app))
        })
    }
}

/// The members of a JSON object that was sent.
pub(super) struct Sent {
    members: Map<String, Value>,
    lang: Lang,
}

impl FromRequest<App> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Sent, Response> {
        let lang = lang(request.headers(), app);
        let refuse = |status, problem: &_| problem_response(status, problem, lang);
        if !is_json(request.headers()) {
            return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &fault::not_json()));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => refuse(StatusCode::PAYLOAD_TOO_LARGE, &fault::request_too_large()),
            status => refuse(status, &fault::bad_request("JSON")),
        })?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(members)) => Ok(Sent { members, lang }),
            Ok(_) => Err(refuse(StatusCode::BAD_REQUEST, &fault::bad_request("{ … }"))),
            Err(error) => {
                let place = format!("{}:{}", error.line(), error.column());
                Err(refuse(StatusCode::BAD_REQUEST, &fault::bad_request("JSON").at(place)))
            }
        }
    }
}

/// Whether the content type is JSON. Without one it is taken to be.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    let Ok(value) = value.to_str() else { return false };
    let media = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

impl Sent {
    /// Takes one member out, `None` if it is not there or null.
    pub(super) fn take<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, Box<Response>> {
        let Some(value) = self.members.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|_| self.refuse(&member::unreadable(name)))
    }

    /// Reads all that is left.
    pub(super) fn read<T: DeserializeOwned>(&mut self) -> Result<T, Box<Response>> {
        let members = Value::Object(std::mem::take(&mut self.members));
        serde_path_to_error::deserialize(members)
            .map_err(|error| self.refuse(&member::fault(&error.path().to_string(), &error.inner().to_string())))
    }

    fn refuse(&self, problem: &doudi_model::Problem) -> Box<Response> {
        Box::new(problem_response(StatusCode::BAD_REQUEST, problem, self.lang))
    }
}
