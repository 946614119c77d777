use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    Format, Refusal,
    content::Content,
    format::{KNOWN_BY, Reader},
    unpack::{Packing, Unpacker},
};

/// How long a stream was, and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// Hashes what passes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasher {
    bytes: u64,
    sum: Sha256,
}

impl Hasher {
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.bytes += u64::try_from(part.len()).unwrap_or_default();
        self.sum.update(part);
    }

    pub(crate) fn finish(self) -> Hashed {
        Hashed {
            bytes: self.bytes,
            sha256: hex::encode(self.sum.finalize()),
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// What a stream turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// The stream as it came.
    pub stream: Hashed,
    /// What it came packed with.
    pub packing: Packing,
    /// What was packed; none where nothing was.
    pub unpacked: Option<Hashed>,
    /// What was in it.
    pub content: Content,
}

/// Reads a stream piece by piece, as it comes.
pub struct Inspector {
    format: Format,
    stream: Hasher,
    /// The beginning, until enough of it is there.
    start: BytesMut,
    packing: Packing,
    unpacker: Option<Unpacker>,
    inner: Inner,
    begun: bool,
}

/// Reads what was packed.
struct Inner {
    format: Format,
    start: BytesMut,
    reader: Option<Reader>,
    hasher: Option<Hasher>,
}

impl Inner {
    fn push(&mut self, part: Bytes) -> Result<(), Refusal> {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&part);
        }
        if let Some(reader) = &mut self.reader {
            return reader.push(part);
        }
        self.start.extend_from_slice(&part);
        if self.start.len() >= KNOWN_BY {
            self.begin()?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Refusal> {
        let start = std::mem::take(&mut self.start).freeze();
        let reader = self.reader.insert(Reader::of(self.format, &start));
        reader.push(start)
    }

    fn finish(mut self) -> Result<(Option<Hashed>, Content), Refusal> {
        if self.reader.is_none() {
            self.begin()?;
        }
        let content = match self.reader {
            Some(reader) => reader.finish()?,
            None => Content::Unread,
        };
        Ok((self.hasher.map(Hasher::finish), content))
    }
}

impl Inspector {
    /// One that reads a stream in this way.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            stream: Hasher::default(),
            start: BytesMut::new(),
            packing: Packing::None,
            unpacker: None,
            inner: Inner {
                format,
                start: BytesMut::new(),
                reader: None,
                hasher: None,
            },
            begun: false,
        }
    }

    /// What the stream is packed with, as soon as that is known.
    pub fn packing(&self) -> Option<Packing> {
        self.begun.then_some(self.packing)
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.stream.bytes()
    }

    /// Reads the next piece; what is wrong in it is told at once.
    pub fn push(&mut self, piece: &Bytes) -> Result<(), Refusal> {
        self.stream.update(piece);
        if self.begun {
            return self.pass(piece.clone());
        }
        self.start.extend_from_slice(piece);
        if self.start.len() >= Packing::KNOWN_BY {
            self.begin()?;
        }
        Ok(())
    }

    /// The stream has ended.
    pub fn finish(mut self) -> Result<Inspected, Refusal> {
        if !self.begun {
            self.begin()?;
        }
        if let Some(unpacker) = self.unpacker.take() {
            let inner = &mut self.inner;
            unpacker.finish(&mut |part| inner.push(Bytes::copy_from_slice(part)))?;
        }
        let (unpacked, content) = self.inner.finish()?;
        Ok(Inspected {
            stream: self.stream.finish(),
            packing: self.packing,
            unpacked,
            content,
        })
    }

    fn begin(&mut self) -> Result<(), Refusal> {
        self.begun = true;
        let start = std::mem::take(&mut self.start).freeze();
        self.packing = Packing::of(&start);
        if self.format != Format::None {
            self.unpacker = Unpacker::of(self.packing)?;
            self.inner.hasher = self.unpacker.is_some().then(Hasher::default);
        }
        self.pass(start)
    }

    fn pass(&mut self, piece: Bytes) -> Result<(), Refusal> {
        let inner = &mut self.inner;
        match &mut self.unpacker {
            Some(unpacker) => {
                unpacker.push(&piece, &mut |part| inner.push(Bytes::copy_from_slice(part)))
            }
            None => inner.push(piece),
        }
    }
}
