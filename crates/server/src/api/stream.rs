//! `GET /v1/stream`: news as server-sent events. Ids, codes and counts; never a name.
//!
//! `Last-Event-ID` (or `?after=`) resumes; a client that missed too much gets `event: reset` and looks at its
//! list again. A comment goes out every 15 seconds so that nothing on the way closes the connection.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde::Deserialize;

use super::asked::{Asked, Questions};
use crate::app::App;
use crate::auth::{Account, ApiViewer, SESSION_COOKIE, cookie};
use crate::notify::{Listener, News};
use crate::reply::{lang, problem_response};
use crate::service::Notice;
use crate::words::fault;

#[derive(Deserialize)]
pub(super) struct After {
    after: Option<u64>,
}

impl Questions for After {
    const NAMES: &'static [(&'static str, &'static str, &'static str)] =
        &[("after", "最后听到的通知的编号，整数", "the number of the last notice heard, a whole number")];
}

/// Handles `GET /v1/stream`.
pub(super) async fn stream(
    State(app): State<App>,
    viewer: ApiViewer,
    headers: HeaderMap,
    Asked(query): Asked<After>,
) -> Response {
    if !viewer.account.role.reads_cases() {
        return problem_response(StatusCode::FORBIDDEN, &fault::not_allowed(), lang(&headers, &app));
    }
    let resumed = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let listener = app.hub.listen(resumed.or(query.after)).await;
    let token = cookie(&headers, SESSION_COOKIE).map(str::to_owned);
    let events = events(Ear { app, account: viewer.account, token, listener });
    let alive = KeepAlive::new().interval(Duration::from_secs(15)).text("");
    let mut response = Sse::new(events).keep_alive(alive).into_response();
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response.headers_mut().insert(unbuffered.0, unbuffered.1);
    super::case::no_store(response)
}

struct Ear {
    app: App,
    account: Account,
    /// The session that opened the stream, if it was one: when it ends, so does the stream.
    token: Option<String>,
    listener: Listener,
}

fn events(ear: Ear) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(ear, |mut ear| async move {
        loop {
            let news = ear.listener.next().await?;
            let gone = ear.token.as_ref().is_some_and(|token| ear.app.sessions.peek(token).is_none());
            if gone {
                return None;
            }
            let event = match news {
                News::LookAgain => Event::default().event("reset").data("{}"),
                News::Notice(notice) if concerns(&ear.app, &ear.account, &notice) => {
                    let data = serde_json::to_string(notice.as_ref()).unwrap_or_default();
                    Event::default().id(notice.seq.to_string()).event("notice").data(data)
                }
                News::Notice(_) => continue,
            };
            return Some((Ok(event), ear));
        }
    })
}

/// Whether an account is told of a notice: by office where it is bound to one, else by division.
pub(crate) fn concerns(app: &App, account: &Account, notice: &Notice) -> bool {
    if !account.role.reads_cases() || !app.is_within(notice.division, account.division) {
        return false;
    }
    !account.role.is_bound_to_office() || notice.office.as_ref() == Some(&account.office)
}
