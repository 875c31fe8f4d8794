//! `POST /v1/events`: CloudEvents over HTTP, answered when what was accepted is on disk.
//!
//! | sent as | content type |
//! |---|---|
//! | one event | `application/cloudevents+json` |
//! | a batch | `application/cloudevents-batch+json` |
//! | binary | any; attributes in `ce-*` headers |
//!
//! A request that cannot be taken apart (not JSON, no CloudEvent, too large, unknown sender) is refused as
//! a whole with a 4xx and problem details; nothing of it is kept, the sender still has it. Once it is taken
//! apart the answer is 202: each event is accepted, known already, or refused with its reason, and refused
//! ones are kept in the dead letters. An accepted event that its sender is to look at is named under `notices`.
//!
//! Limits, so that memory stays bounded whatever is sent: a body has at most [`BODY_BYTES_MAX`], a batch
//! [`BATCH_EVENTS_MAX`] events, an event [`EVENT_BYTES_MAX`]. Bodies in memory share a budget; past it a
//! request waits.

mod part;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, http};
use doudi_engine::admit::envelope::{self, BATCH_EVENTS_MAX, EVENT_BYTES_MAX, Mode};
use doudi_model::{Lang, Problem};
use serde_json::json;

use crate::app::App;
use crate::auth::Voice;
use crate::reply::{fault_response, lang, problem_response};
use crate::service::{Arrival, Receipt};
use crate::words::fault;

/// The most bytes one request may have: 32 MiB.
pub const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Handles `POST /v1/events`.
pub async fn events(State(app): State<App>, request: Request) -> Response {
    let lang = lang(request.headers(), &app);
    match take(&app, request, lang).await {
        Ok(receipt) => accepted(&app, &receipt, lang),
        Err(refusal) => *refusal,
    }
}

async fn take(app: &App, request: Request, lang: Lang) -> Result<Receipt, Box<Response>> {
    let refuse = |status, problem: &Problem| Box::new(problem_response(status, problem, lang));
    let (parts, body) = request.into_parts();
    let voice = voice(app, &parts).ok_or_else(|| refuse(StatusCode::UNAUTHORIZED, &fault::source_unknown()))?;
    let mode = mode(&parts.headers).map_err(|problem| refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, &problem))?;

    let expected = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let size = expected.unwrap_or(BODY_BYTES_MAX);
    let too_large = || refuse(StatusCode::PAYLOAD_TOO_LARGE, &body_too_large());
    if size > BODY_BYTES_MAX {
        return Err(too_large());
    }
    let permits = u32::try_from(size / 1024 + 1).unwrap_or(u32::MAX);
    let _room = app.ingest.acquire_many(permits).await;
    let body = axum::body::to_bytes(Body::new(body), size).await.map_err(|_| too_large())?;

    let arrivals = arrivals(mode, &parts.headers, &body, &voice).map_err(|problem| {
        let status = match problem.code.as_ref() {
            "envelope/too-large" | "envelope/too-many" => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        refuse(status, &problem)
    })?;
    app.service.admit(arrivals).await.map_err(|fault| Box::new(fault_response(fault, lang)))
}

fn body_too_large() -> Problem {
    fault::body_too_large(BODY_BYTES_MAX / 1024 / 1024, BATCH_EVENTS_MAX)
}

fn voice(app: &App, parts: &http::request::Parts) -> Option<Voice> {
    let credentials = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer =
        credentials.and_then(|line| line.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let on_this_machine = crate::auth::address(parts).is_some_and(|address| address.is_loopback());
    app.sources.voice(bearer.map(|(_, token)| token.trim()), on_this_machine)
}

fn mode(headers: &HeaderMap) -> Result<Mode, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    envelope::mode(content_type, headers.keys().map(http::HeaderName::as_str))
}

/// Takes a request apart into events.
fn arrivals(mode: Mode, headers: &HeaderMap, body: &Bytes, voice: &Voice) -> Result<Vec<Arrival>, Problem> {
    match mode {
        // One event is a batch of one: if it is JSON at all, its faults are its own.
        Mode::Structured => match envelope::structured(body) {
            Err(problem)
                if matches!(problem.code.as_ref(), "envelope/json" | "envelope/object" | "envelope/too-large") =>
            {
                Err(problem)
            }
            envelope => Ok(vec![heard(Arrival { envelope, bytes: body.clone() }, voice)]),
        },
        Mode::Batch => Ok(envelope::parts(body)?
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let envelope = envelope::structured(text.as_bytes()).map_err(|problem| part::in_batch(problem, at));
                heard(Arrival { envelope, bytes: body.slice_ref(text.as_bytes()) }, voice)
            })
            .collect()),
        Mode::Binary if body.len() > EVENT_BYTES_MAX => Err(envelope::Fault::TooLarge(EVENT_BYTES_MAX).problem()),
        Mode::Binary => {
            let pairs = || headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
            let envelope = envelope::binary(pairs(), body);
            Ok(vec![heard(Arrival { envelope, bytes: part::as_structured(pairs(), body) }, voice)])
        }
    }
}

/// An event of a source that the sender may not speak for is no event.
fn heard(arrival: Arrival, voice: &Voice) -> Arrival {
    match &arrival.envelope {
        Ok(envelope) if !voice.may(&envelope.source) => {
            Arrival { envelope: Err(fault::source_not_yours()), bytes: arrival.bytes }
        }
        _ => arrival,
    }
}

fn accepted(app: &App, receipt: &Receipt, lang: Lang) -> Response {
    app.metrics.admitted("http", receipt);
    let placed = |index: usize, problem: &Problem| match problem.place.starts_with("event[") {
        true => problem.clone(),
        false => part::in_batch(problem.clone(), index),
    };
    let refused: Vec<_> = receipt
        .refused
        .iter()
        .map(|(index, problem)| json!({ "index": index, "error": placed(*index, problem).json(lang) }))
        .collect();
    let notices: Vec<_> = receipt
        .notices
        .iter()
        .map(|(index, notice)| {
            let (message, hint) = (notice.message.get(lang), notice.hint.get(lang));
            json!({ "index": index, "code": notice.code, "message": message, "field": notice.field, "hint": hint })
        })
        .collect();
    let body = json!({
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "refused": refused,
        "notices": notices,
        "position": receipt.position,
    });
    (StatusCode::ACCEPTED, Json(body)).into_response()
}
