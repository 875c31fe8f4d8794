//! As much of HTTP as a department's sender needs: one request a connection, the answer read to its end.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

/// No answer takes longer, however slow the build.
const PATIENCE: Duration = Duration::from_secs(120);

/// Status and body of an answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Posts a batch of events.
///
/// # Errors
/// If the server goes away before it has answered whole.
pub(crate) fn post_batch(port: u16, body: &[u8]) -> io::Result<Answer> {
    let mut stream = connect(port)?;
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/cloudevents-batch+json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    answer(&mut BufReader::new(stream))
}

/// Gets a page.
///
/// # Errors
/// If nobody listens, or the answer is not whole.
pub(crate) fn get(port: u16, path: &str) -> io::Result<Answer> {
    let mut stream = connect(port)?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())?;
    answer(&mut BufReader::new(stream))
}

/// Opens a stream of server-sent events behind one heard before. HTTP/1.0, so that it comes without chunks.
///
/// # Errors
/// If nobody listens.
pub(crate) fn listen(port: u16, credentials: &str, after: u64) -> io::Result<BufReader<TcpStream>> {
    let mut stream = connect(port)?;
    let request = format!(
        "GET /v1/stream HTTP/1.0\r\nhost: localhost\r\nauthorization: Basic {credentials}\r\nlast-event-id: {after}\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let (status, _) = head(&mut reader)?;
    assert_eq!(status, 200, "the stream is refused");
    Ok(reader)
}

fn answer(reader: &mut impl BufRead) -> io::Result<Answer> {
    let (status, length) = head(reader)?;
    let length = length.ok_or_else(|| io::Error::other("an answer without a length"))?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Answer { status, body })
}

/// Status and length of what follows.
fn head(reader: &mut impl BufRead) -> io::Result<(u16, Option<usize>)> {
    let first = line(reader)?;
    let status = first.split(' ').nth(1).and_then(|text| text.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("no HTTP answer"))?;
    let mut length = None;
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            return Ok((status, length));
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
}

/// One line without its end.
///
/// # Errors
/// If the other side is gone.
pub(crate) fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 || !line.ends_with('\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}
