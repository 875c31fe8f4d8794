//! Listening, answering, closing.
//!
//! Every request gets an id and one log line: method, the route's pattern, status, milliseconds. The path itself
//! is not logged: it can hold the number of a case or household.

use std::future::Future;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;

use crate::app::App;
use crate::compress::compress;
use crate::door::Door;
use crate::{api, desk};

/// How often the house is asked whether a day has begun.
const TICK: Duration = Duration::from_secs(5);
/// How long open requests may take after the service was told to close. Streams end at once.
const GRACE: Duration = Duration::from_secs(10);
/// The most bytes a form or a move may have.
const FORM_BYTES_MAX: usize = 256 * 1024;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The whole router: API and desk, with limits, headers and the log.
pub fn router(app: App) -> Router {
    // Admission reads its body itself, and knows its limits.
    desk::with_answers_for_the_rest(Router::new().merge(desk::routes()).merge(api::routes()))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(middleware::from_fn(compress))
        .layer(middleware::from_fn(secure))
        .layer(middleware::from_fn_with_state(app.clone(), log))
        .with_state(app)
}

/// Serves until `stop` is done, then lets open requests end.
///
/// # Errors
/// If the socket fails.
pub async fn serve(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let door = Door::closed(app.config.lang);
    door.open(app);
    serve_at(door, listener, stop).await
}

/// The same at a door that may still be closed: until it opens, requests are told to come again.
///
/// # Errors
/// If the socket fails.
pub async fn serve_at(
    door: Door,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let ticks = tokio::spawn(tick(door.clone()));
    let (closing, mut told) = tokio::sync::watch::channel(false);
    let service = door.router().into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("closing");
        if let Some(app) = door.app() {
            app.hub.close();
        }
        // Nobody waiting for the word is no fault.
        let _ = closing.send(true);
    });
    let answered = tokio::select! {
        answered = async { server.await } => answered,
        () = async {
            let _ = told.wait_for(|closing| *closing).await;
            tokio::time::sleep(GRACE).await;
        } => {
            tracing::warn!("some requests were cut off");
            Ok(())
        }
    };
    ticks.abort();
    answered
}

/// Done when the process is asked to end: Ctrl-C, or SIGTERM from a service manager.
pub async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = terminated => {} }
}

async fn tick(door: Door) {
    let mut every = tokio::time::interval(TICK);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let Some(app) = door.app() else { continue };
        if let Err(fault) = app.service.tick().await {
            tracing::warn!(?fault, "the day could not be turned");
        }
    }
}

/// Headers that every answer carries.
async fn secure(request: Request, next: Next) -> Response {
    with_secure_headers(next.run(request).await)
}

pub(crate) fn with_secure_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "geolocation=(), camera=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn log(State(_): State<App>, matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = matched.map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let id: String = crate::auth::token().unwrap_or_default().chars().take(8).collect();
    let started = Instant::now();
    let mut response = next.run(request).await;
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    if response.status().is_server_error() {
        tracing::warn!(%id, %method, route, status, ms, "answered");
    } else {
        tracing::debug!(%id, %method, route, status, ms, "answered");
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
