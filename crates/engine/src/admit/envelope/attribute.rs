//! Attributes gathered from JSON members or headers, judged together.

use std::borrow::Cow;

use doudi_model::Instant;
use doudi_model::secret::Secret;

use super::fault::printable;
use super::{Data, Envelope, Fault};

/// The value of an attribute before it is judged.
pub(super) enum Raw<'a> {
    Text(Cow<'a, str>),
    Int(i64),
    Bool(bool),
    /// JSON `null`: the attribute is not set.
    Null,
    /// A list, an object, a fraction.
    Other,
}

/// The attributes seen so far. The first fault is kept; reading goes on so that syntax is judged too.
#[derive(Default)]
pub(super) struct Draft {
    id: Option<String>,
    source: Option<String>,
    ty: Option<String>,
    specversion: Option<bool>,
    time: Option<Instant>,
    subject: Option<String>,
    content_type: Option<Media>,
    supersedes: Option<String>,
    withdrawn: bool,
    seen: u16,
    others: Vec<String>,
    pub(super) fault: Option<Fault>,
}

/// What a media type says about how to read the content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Json,
    Text,
    Other,
}

const ID: u16 = 1;
const SOURCE: u16 = 2;
const TYPE: u16 = 4;
const SPECVERSION: u16 = 8;
const TIME: u16 = 16;
const SUBJECT: u16 = 32;
const DATACONTENTTYPE: u16 = 64;
const DATASCHEMA: u16 = 128;
const SUPERSEDES: u16 = 256;
const WITHDRAWN: u16 = 512;

impl Draft {
    pub(super) fn blame(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    /// Media type of the content, if it was said.
    pub(super) fn media(&self) -> Option<Media> {
        self.content_type
    }

    /// Takes one attribute.
    pub(super) fn set(&mut self, name: &str, value: Raw<'_>) {
        if let Err(fault) = self.judge(name, value) {
            self.blame(fault);
        }
    }

    fn judge(&mut self, name: &str, value: Raw<'_>) -> Result<(), Fault> {
        let known = known(name);
        if known == 0 && (name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())) {
            return Err(Fault::Name(printable(name)));
        }
        self.note(name, known)?;
        if matches!(value, Raw::Null) {
            return Ok(());
        }
        match known {
            ID => self.id = Some(text("id", value)?),
            SOURCE => self.source = Some(uri("source", text("source", value)?)?),
            TYPE => self.ty = Some(text("type", value)?),
            SPECVERSION => match value {
                Raw::Text(version) if version == "1.0" => self.specversion = Some(true),
                Raw::Text(_) => return Err(Fault::SpecVersion),
                _ => return Err(Fault::NotText("specversion".into())),
            },
            TIME => self.time = Some(instant(&text("time", value)?)?),
            SUBJECT => self.subject = Some(text("subject", value)?),
            DATACONTENTTYPE => self.content_type = Some(media(&text("datacontenttype", value)?)?),
            DATASCHEMA => drop(absolute(uri("dataschema", text("dataschema", value)?)?)?),
            SUPERSEDES => self.supersedes = Some(text("supersedes", value)?),
            WITHDRAWN => self.withdrawn = boolean(&value)?,
            _ => extension(name, &value)?,
        }
        Ok(())
    }

    /// Remembers that a name was there, and refuses it a second time.
    fn note(&mut self, name: &str, known: u16) -> Result<(), Fault> {
        let twice = if known != 0 {
            let before = self.seen & known != 0;
            self.seen |= known;
            before
        } else if self.others.iter().any(|other| other == name) {
            true
        } else {
            self.others.push(name.to_owned());
            false
        };
        if twice { Err(Fault::Twice(printable(name).into())) } else { Ok(()) }
    }

    /// The envelope, if all that is required is there.
    pub(super) fn finish(self, data: Data) -> Result<Envelope, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.specversion.ok_or(Fault::Missing("specversion"))?;
        let id = self.id.ok_or(Fault::Missing("id"))?;
        let source = self.source.ok_or(Fault::Missing("source"))?;
        let ty = self.ty.ok_or(Fault::Missing("type"))?;
        if self.withdrawn && self.supersedes.is_none() {
            return Err(Fault::WithdrawsNothing);
        }
        let subject = self.subject.map(Secret::new);
        Ok(Envelope {
            id,
            source,
            ty,
            time: self.time,
            subject,
            supersedes: self.supersedes,
            withdrawn: self.withdrawn,
            data,
        })
    }
}

fn known(name: &str) -> u16 {
    match name {
        "id" => ID,
        "source" => SOURCE,
        "type" => TYPE,
        "specversion" => SPECVERSION,
        "time" => TIME,
        "subject" => SUBJECT,
        "datacontenttype" => DATACONTENTTYPE,
        "dataschema" => DATASCHEMA,
        "supersedes" => SUPERSEDES,
        "withdrawn" => WITHDRAWN,
        _ => 0,
    }
}

/// Text that is there and holds no control characters.
fn text(name: &'static str, value: Raw<'_>) -> Result<String, Fault> {
    let Raw::Text(value) = value else { return Err(Fault::NotText(name.into())) };
    if value.is_empty() {
        return Err(Fault::Empty(name.into()));
    }
    if has_forbidden_sign(&value) {
        return Err(Fault::BadValue(name.into()));
    }
    Ok(value.into_owned())
}

fn extension(name: &str, value: &Raw<'_>) -> Result<(), Fault> {
    let sound = match value {
        Raw::Text(text) => !has_forbidden_sign(text),
        Raw::Int(number) => i32::try_from(*number).is_ok(),
        Raw::Bool(_) | Raw::Null => true,
        Raw::Other => false,
    };
    if sound { Ok(()) } else { Err(Fault::BadValue(printable(name).into())) }
}

fn boolean(value: &Raw<'_>) -> Result<bool, Fault> {
    match value {
        Raw::Bool(flag) => Ok(*flag),
        Raw::Text(text) if text == "true" => Ok(true),
        Raw::Text(text) if text == "false" => Ok(false),
        _ => Err(Fault::NotABool),
    }
}

/// Control characters and Unicode's non-characters, which a CloudEvents string must not hold.
fn has_forbidden_sign(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().any(|byte| byte < 0x20 || byte == 0x7f);
    }
    text.chars().any(|sign| {
        let code = u32::from(sign);
        sign.is_control() || (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
    })
}

/// RFC 3339 with `T`, seconds and an offset.
fn instant(text: &str) -> Result<Instant, Fault> {
    let bytes = text.as_bytes();
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let shaped = bytes.len() > shape.len()
        && bytes.iter().zip(shape).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't'),
            sign => byte == sign,
        });
    let rest = text.get(shape.len()..).unwrap_or("");
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|sign: char| sign.is_ascii_digit());
            if zone.len() == fraction.len() {
                return Err(Fault::NotATime);
            }
            zone
        }
        None => rest,
    };
    if !shaped || !is_offset(zone.as_bytes()) {
        return Err(Fault::NotATime);
    }
    text.parse().map_err(|_| Fault::NotATime)
}

fn is_offset(zone: &[u8]) -> bool {
    match zone {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].into_iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// A URI reference by the signs of RFC 3986, its scheme and its percent codes.
fn uri(name: &'static str, text: String) -> Result<String, Fault> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut fragments = 0;
    while let Some(byte) = bytes.get(at) {
        let sound = match byte {
            b'%' => {
                let code = (bytes.get(at + 1), bytes.get(at + 2));
                at += 2;
                matches!(code, (Some(a), Some(b)) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
            }
            b'#' => {
                fragments += 1;
                fragments == 1
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=[]".contains(byte),
        };
        if !sound {
            return Err(Fault::NotAUri(name));
        }
        at += 1;
    }
    let first = text.split(['/', '?', '#']).next().unwrap_or("");
    match first.split_once(':') {
        Some((scheme, _)) if !is_scheme(scheme) => Err(Fault::NotAUri(name)),
        _ => Ok(text),
    }
}

fn absolute(text: String) -> Result<String, Fault> {
    match text.split_once(':') {
        Some((scheme, _)) if is_scheme(scheme) => Ok(text),
        _ => Err(Fault::NotAUri("dataschema")),
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// What a media type means for reading; parameters are looked at only for their shape.
pub(super) fn media(text: &str) -> Result<Media, Fault> {
    let essence = text.split(';').next().unwrap_or("").trim();
    let (kind, sub) = essence.split_once('/').ok_or(Fault::NotAMediaType)?;
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    if !token(kind) || !token(sub) {
        return Err(Fault::NotAMediaType);
    }
    let sub = sub.to_ascii_lowercase();
    Ok(if sub == "json" || sub.ends_with("+json") {
        Media::Json
    } else if kind.eq_ignore_ascii_case("text") || sub == "xml" || sub.ends_with("+xml") {
        Media::Text
    } else {
        Media::Other
    })
}
