use super::{
    WireError,
    escape::escape_into,
    number::{canonical_number, is_canonical_number},
};

/// Lists and maps inside one another. DynamoDB allows 32; a little more is let through, so that a
/// lenient emulator's items survive, and no text can exhaust the stack.
pub const MAX_DEPTH: usize = 64;

/// What to do with what can be written in several ways: members of sets, which have no order, and
/// numbers, which have several spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Leave it as it comes.
    AsWritten,
    /// Sort sets and spell numbers as DynamoDB does, for comparison.
    Canonical,
}

/// An item in normal form.
pub(crate) struct Normal {
    /// Its text.
    pub(crate) text: Vec<u8>,
    /// Its sets are sorted and its numbers spelled as [`Form::Canonical`] has them.
    pub(crate) is_canonical: bool,
}

/// Checks that `input` is an item in wire form and brings it into normal form.
pub(crate) fn normalise_item(input: &[u8], form: Form) -> Result<Normal, WireError> {
    if let Err(error) = std::str::from_utf8(input) {
        return Err(WireError::new(error.valid_up_to(), "not UTF-8"));
    }
    let mut walk = Walk {
        input,
        at: 0,
        out: Vec::with_capacity(input.len()),
        form,
        is_canonical: true,
    };
    walk.spaces();
    walk.attributes(0)?;
    walk.spaces();
    if walk.at < input.len() {
        return Err(walk.error("more text after the item"));
    }
    Ok(Normal {
        text: walk.out,
        is_canonical: walk.is_canonical,
    })
}

struct Walk<'a> {
    input: &'a [u8],
    at: usize,
    out: Vec<u8>,
    form: Form,
    is_canonical: bool,
}

/// A piece of the output: where it begins, where its name ends, where it ends.
type Piece = (usize, usize, usize);

impl Walk<'_> {
    fn error(&self, what: impl Into<String>) -> WireError {
        WireError::new(self.at, what)
    }

    fn peek(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Skips spaces, then takes one character and writes it.
    fn punctuation(&mut self, wanted: u8) -> Result<(), WireError> {
        self.spaces();
        if self.peek() == Some(wanted) {
            self.at += 1;
            self.out.push(wanted);
            return Ok(());
        }
        let found = match self.peek() {
            Some(byte) => format!("found {:?}", char::from(byte)),
            None => "the text ends".to_owned(),
        };
        Err(self.error(format!("{found} where {:?} belongs", char::from(wanted))))
    }

    /// `{"name":<value>,…}` of an item or a map.
    fn attributes(&mut self, depth: usize) -> Result<(), WireError> {
        self.punctuation(b'{')?;
        self.spaces();
        let mut pieces: Vec<Piece> = Vec::new();
        if self.peek() != Some(b'}') {
            loop {
                self.spaces();
                let start = self.out.len();
                self.string()?;
                let name_end = self.out.len();
                self.punctuation(b':')?;
                self.value(depth)?;
                pieces.push((start, name_end, self.out.len()));
                self.spaces();
                if self.peek() != Some(b',') {
                    break;
                }
                self.at += 1;
                self.out.push(b',');
            }
        }
        self.sort(&mut pieces, true)?;
        self.punctuation(b'}')
    }

    /// Sorts pieces of the output that commas part. `unique`: by name, and no name twice.
    fn sort(&mut self, pieces: &mut [Piece], unique: bool) -> Result<(), WireError> {
        let out = &self.out;
        let sorted = pieces
            .windows(2)
            .all(|pair| out[pair[0].0..pair[0].1] < out[pair[1].0..pair[1].1]);
        let (Some(first), Some(last)) = (pieces.first().copied(), pieces.last().copied()) else {
            return Ok(());
        };
        if sorted {
            return Ok(());
        }
        pieces.sort_by(|a, b| out[a.0..a.1].cmp(&out[b.0..b.1]));
        if let Some(twice) = pieces
            .windows(2)
            .find(|pair| out[pair[0].0..pair[0].1] == out[pair[1].0..pair[1].1])
        {
            let name = String::from_utf8_lossy(&out[twice[0].0..twice[0].1]).into_owned();
            let what = if unique {
                "the attribute"
            } else {
                "the member"
            };
            return Err(self.error(format!("{what} {name} comes twice")));
        }
        let mut text = Vec::with_capacity(last.2 - first.0);
        for (place, piece) in pieces.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            text.extend_from_slice(&out[piece.0..piece.2]);
        }
        self.out.truncate(first.0);
        self.out.extend_from_slice(&text);
        Ok(())
    }

    /// `{"S":"a"}` and the other types.
    fn value(&mut self, depth: usize) -> Result<(), WireError> {
        if depth >= MAX_DEPTH {
            return Err(self.error(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.punctuation(b'{')?;
        self.spaces();
        let start = self.out.len();
        self.string()?;
        let tag: [u8; 8] = {
            let name = &self.out[start + 1..self.out.len() - 1];
            let mut tag = [0; 8];
            for (to, from) in tag.iter_mut().zip(name) {
                *to = *from;
            }
            if name.len() > 4 { [0; 8] } else { tag }
        };
        self.punctuation(b':')?;
        self.spaces();
        match &tag[..4] {
            b"S\0\0\0" => self.string()?,
            b"N\0\0\0" => self.number()?,
            b"B\0\0\0" => self.checked(base64)?,
            b"BOOL" | b"NULL" => self.word(&[b"true", b"false"])?,
            b"M\0\0\0" => self.attributes(depth + 1)?,
            b"L\0\0\0" => self.list(depth + 1)?,
            b"SS\0\0" => self.set(Self::string)?,
            b"NS\0\0" => self.set(Self::number)?,
            b"BS\0\0" => self.set(|walk| walk.checked(base64))?,
            _ => {
                let name = String::from_utf8_lossy(&self.out[start..]).into_owned();
                return Err(self.error(format!("{name} no type of DynamoDB")));
            }
        }
        self.punctuation(b'}')
    }

    fn list(&mut self, depth: usize) -> Result<(), WireError> {
        self.punctuation(b'[')?;
        self.spaces();
        if self.peek() != Some(b']') {
            loop {
                self.value(depth)?;
                self.spaces();
                if self.peek() != Some(b',') {
                    break;
                }
                self.punctuation(b',')?;
            }
        }
        self.punctuation(b']')
    }

    fn set(
        &mut self,
        member: impl Fn(&mut Self) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        self.punctuation(b'[')?;
        let mut pieces: Vec<Piece> = Vec::new();
        loop {
            self.spaces();
            let start = self.out.len();
            member(self)?;
            pieces.push((start, self.out.len(), self.out.len()));
            self.spaces();
            if self.peek() != Some(b',') {
                break;
            }
            self.punctuation(b',')?;
        }
        match self.form {
            Form::Canonical => self.sort(&mut pieces, false)?,
            Form::AsWritten => {
                let out = &self.out;
                self.is_canonical &= pieces
                    .windows(2)
                    .all(|pair| out[pair[0].0..pair[0].1] < out[pair[1].0..pair[1].1]);
            }
        }
        self.punctuation(b']')
    }

    fn word(&mut self, words: &[&[u8]]) -> Result<(), WireError> {
        for word in words {
            if self.input[self.at..].starts_with(word) {
                self.at += word.len();
                self.out.extend_from_slice(word);
                return Ok(());
            }
        }
        Err(self.error("neither true nor false"))
    }

    fn number(&mut self) -> Result<(), WireError> {
        let start = self.out.len() + 1;
        self.checked(number)?;
        let end = self.out.len() - 1;
        let text = std::str::from_utf8(&self.out[start..end]).unwrap_or_default();
        match self.form {
            Form::AsWritten => self.is_canonical &= is_canonical_number(text),
            Form::Canonical => {
                if let std::borrow::Cow::Owned(canonical) = canonical_number(text) {
                    self.out.truncate(start);
                    self.out.extend_from_slice(canonical.as_bytes());
                    self.out.push(b'"');
                }
            }
        }
        Ok(())
    }

    /// A string whose inside passes a check.
    fn checked(&mut self, check: fn(&[u8]) -> Result<(), &'static str>) -> Result<(), WireError> {
        let start = self.out.len();
        self.string()?;
        check(&self.out[start + 1..self.out.len() - 1]).map_err(|what| self.error(what))
    }

    fn string(&mut self) -> Result<(), WireError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("no string where one belongs"));
        }
        self.out.push(b'"');
        self.at += 1;
        loop {
            let rest = &self.input[self.at..];
            let plain = rest
                .iter()
                .position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20)
                .unwrap_or(rest.len());
            self.out.extend_from_slice(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.out.push(b'"');
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(self.error("a control character inside a string")),
                None => return Err(self.error("the text ends inside a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), WireError> {
        let character = match self.input.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.hex(self.at + 2)?;
                if (0xd800..0xdc00).contains(&high) {
                    if self.input.get(self.at + 6..self.at + 8) != Some(b"\\u") {
                        return Err(self.error("half of a surrogate pair"));
                    }
                    let low = self.hex(self.at + 8)?;
                    let code = if (0xdc00..0xe000).contains(&low) {
                        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                    } else {
                        0xd800
                    };
                    self.at += 6;
                    self.code(code)?
                } else {
                    self.code(high)?
                }
            }
            _ => return Err(self.error("an unknown escape")),
        };
        let is_code = self.input[self.at + 1] == b'u';
        self.at += if is_code { 6 } else { 2 };
        let mut buffer = [0; 4];
        escape_into(&mut self.out, character.encode_utf8(&mut buffer));
        Ok(())
    }

    fn code(&self, code: u32) -> Result<char, WireError> {
        char::from_u32(code).ok_or_else(|| self.error("half of a surrogate pair"))
    }

    fn hex(&self, at: usize) -> Result<u32, WireError> {
        let digits = self
            .input
            .get(at..at + 4)
            .ok_or_else(|| self.error("the text ends inside an escape"))?;
        let mut code = 0;
        for &digit in digits {
            let value = char::from(digit)
                .to_digit(16)
                .ok_or_else(|| self.error("an escape without four hexadecimal digits"))?;
            code = code * 16 + value;
        }
        Ok(code)
    }
}

fn number(text: &[u8]) -> Result<(), &'static str> {
    let plausible = text.iter().any(u8::is_ascii_digit)
        && text.len() <= 256
        && text
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if plausible {
        Ok(())
    } else {
        Err("a number that is none")
    }
}

fn base64(text: &[u8]) -> Result<(), &'static str> {
    let plausible = text.iter().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_')
    });
    if plausible {
        Ok(())
    } else {
        Err("binary that is not base64")
    }
}
