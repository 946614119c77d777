use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IntoDeserializer as _, MapAccess, SeqAccess,
        Unexpected, VariantAccess, Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};

use super::{fault::Fault, node::Node};

/// Reads a node and refuses what the type does not know.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    node: &'a Node,
    /// Members that the outermost object may hold beside those of its type.
    beside: &'static [&'static str],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(node: &'a Node) -> Self {
        Self::beside(node, &[])
    }

    pub(super) const fn beside(node: &'a Node, beside: &'static [&'static str]) -> Self {
        Self { node, beside }
    }

    fn unexpected(self) -> Unexpected<'a> {
        match self.node {
            Node::Null => Unexpected::Unit,
            Node::Flag(flag) => Unexpected::Bool(*flag),
            Node::Whole(number) => Unexpected::Unsigned(*number),
            Node::Negative(number) => Unexpected::Signed(*number),
            Node::Fraction(number) => Unexpected::Float(*number),
            Node::Text(text) | Node::Word(text) => Unexpected::Str(text),
            Node::List(_) => Unexpected::Seq,
            Node::Object(_) => Unexpected::Map,
        }
    }

    /// A number as typed: what cannot be one is left as it is, for the type to refuse.
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Node::Word(word) = self.node else {
            return self.deserialize_any(visitor);
        };
        if let Ok(number) = word.parse::<u64>() {
            visitor.visit_u64(number)
        } else if let Ok(number) = word.parse::<i64>() {
            visitor.visit_i64(number)
        } else if let Ok(number) = word.parse::<f64>() {
            visitor.visit_f64(number)
        } else {
            Err(Fault::invalid_type(self.unexpected(), &visitor))
        }
    }

    /// The members of an object whose type knows these names and no others.
    fn known<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Node::Object(members) = self.node else {
            return Err(Fault::new(format!(
                "must be an object, not {}",
                self.node.kind()
            )));
        };
        if let Some((name, _)) = members.iter().find(|(name, _)| {
            !fields.contains(&name.as_str()) && !self.beside.contains(&name.as_str())
        }) {
            return Err(Fault::unknown_member(name, fields));
        }
        visitor.visit_map(Members::new(members))
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.number(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Flag(flag) => visitor.visit_bool(*flag),
            Node::Whole(number) => visitor.visit_u64(*number),
            Node::Negative(number) => visitor.visit_i64(*number),
            Node::Fraction(number) => visitor.visit_f64(*number),
            Node::Text(text) | Node::Word(text) => visitor.visit_str(text),
            Node::List(items) => visitor.visit_seq(Items::new(items)),
            Node::Object(members) => visitor.visit_map(Members::new(members)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Word(word) if word == "true" => visitor.visit_bool(true),
            Node::Word(word) if word == "false" => visitor.visit_bool(false),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.known(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.node {
            Node::Text(word) | Node::Word(word) => visitor.visit_enum(Choice {
                variant: word,
                content: None,
            }),
            Node::Object(members) => match members.as_slice() {
                [(variant, content)] => visitor.visit_enum(Choice {
                    variant,
                    content: Some(content),
                }),
                members => {
                    let unknown = members
                        .iter()
                        .find(|(name, _)| !variants.contains(&name.as_str()));
                    Err(unknown.map_or_else(
                        || Fault::new(format!("must hold exactly one of {}", variants.join(", "))),
                        |(name, _)| Fault::unknown_member(name, variants),
                    ))
                }
            },
            _ => Err(Fault::invalid_type(self.unexpected(), &visitor)),
        }
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map identifier
        ignored_any
    }
}

struct Members<'a> {
    rest: std::slice::Iter<'a, (String, Node)>,
    value: Option<(&'a str, &'a Node)>,
}

impl<'a> Members<'a> {
    fn new(members: &'a [(String, Node)]) -> Self {
        Self {
            rest: members.iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some((name, value));
        let key: StrDeserializer<'_, Fault> = name.as_str().into_deserializer();
        seed.deserialize(key)
            .map(Some)
            .map_err(|fault| fault.in_member(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let Some((name, value)) = self.value.take() else {
            return Err(Fault::new("has a value without a name"));
        };
        seed.deserialize(Reader::new(value))
            .map_err(|fault| fault.in_member(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Items<'a> {
    rest: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'a> Items<'a> {
    fn new(items: &'a [Node]) -> Self {
        Self {
            rest: items.iter().enumerate(),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((place, item)) = self.rest.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader::new(item))
            .map(Some)
            .map_err(|fault| fault.in_place(place))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// One of an enum's variants, with what it holds.
struct Choice<'a> {
    variant: &'a str,
    content: Option<&'a Node>,
}

impl<'de, 'a> EnumAccess<'de> for Choice<'a> {
    type Error = Fault;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'a>), Fault> {
        let name: StrDeserializer<'_, Fault> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, Content(self)))
    }
}

struct Content<'a>(Choice<'a>);

impl<'a> Content<'a> {
    fn reader(&self) -> Result<Reader<'a>, Fault> {
        self.0.content.map(Reader::new).ok_or_else(|| {
            Fault::new(format!(
                "{:?} must be an object named so, with what belongs to it",
                self.0.variant
            ))
        })
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.0.content {
            None | Some(Node::Null) => Ok(()),
            Some(_) => Err(Fault::new("takes nothing").in_member(self.0.variant)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(self.reader()?)
            .map_err(|fault| fault.in_member(self.0.variant))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.reader()?
            .deserialize_any(visitor)
            .map_err(|fault| fault.in_member(self.0.variant))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.reader()?
            .known(fields, visitor)
            .map_err(|fault| fault.in_member(self.0.variant))
    }
}
