//! A sender's connection that is kept open, and a screen's stream.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// `shenji:doudi` in base64.
const CREDENTIALS: &str = "c2hlbmppOmRvdWRp";

/// A connection.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    pub(crate) fn open(port: u16) -> io::Result<Connection> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Connection { reader: BufReader::new(stream) })
    }

    /// Posts a batch; returns status and body of the answer.
    pub(crate) fn post(&mut self, body: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let head = format!(
            "POST /v1/events HTTP/1.1\r\nhost: localhost\r\n\
             content-type: application/cloudevents-batch+json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let stream = self.reader.get_mut();
        stream.write_all(head.as_bytes())?;
        stream.write_all(body)?;
        self.answer()
    }

    /// Gets a page as the auditor.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<(u16, Vec<u8>)> {
        let head = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Basic {CREDENTIALS}\r\n\r\n");
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> io::Result<(u16, Vec<u8>)> {
        let (status, length) = head(&mut self.reader)?;
        let mut body = vec![0; length.unwrap_or(0)];
        self.reader.read_exact(&mut body)?;
        Ok((status, body))
    }
}

/// A stream of server-sent events, from now on.
pub(crate) fn listen(port: u16) -> io::Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let request = format!("GET /v1/stream HTTP/1.0\r\nhost: localhost\r\nauthorization: Basic {CREDENTIALS}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = BufReader::new(stream);
    let (status, _) = head(&mut reader)?;
    assert_eq!(status, 200, "the stream is refused");
    Ok(reader)
}

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
pub(crate) fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}
