//! Pages go out compressed: a township's line is slow.
//!
//! Only whole answers of text; a stream of notices stays as it is. No page repeats what an address says beside a
//! secret, so the length of an answer gives nothing away.

use std::io::Write;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Answers below this gain nothing.
const LEAST: usize = 1024;
/// Answers above this are not held in memory a second time.
const MOST: usize = 4 * 1024 * 1024;
/// Fast and nearly as small as the best.
const LEVEL: u32 = 4;

/// Compresses an answer with gzip if its reader takes that.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let takes = accepted.is_some_and(|line| line.split(',').any(|one| one.trim().starts_with("gzip")));
    let response = next.run(request).await;
    if !takes || !is_text(&response) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        // Text of this server is far below the limit; what is not is better refused than cut.
        return Response::builder().status(500).body(Body::empty()).unwrap_or_default();
    };
    if bytes.len() < LEAST {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(LEVEL));
    let small = encoder.write_all(&bytes).and_then(|()| encoder.finish());
    let Ok(small) = small else { return Response::from_parts(parts, Body::from(bytes)) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(small))
}

fn is_text(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    ["text/html", "text/css", "text/javascript", "image/svg+xml"].iter().any(|text| kind.starts_with(text))
}
