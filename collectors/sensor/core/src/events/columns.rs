//! Column builders and the macros that turn the vocabulary into row types.
//!
//! A row borrows from the decoder that emits it; pushing copies the bytes straight into the columns, so that an event
//! costs no allocation of its own.

use std::io::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, ArrowPrimitiveType, BooleanArray, ListArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, TimeUnit};

use crate::time::Micros;

/// One column under construction: `push` a value or nothing, `finish` gives the array and starts anew.
pub trait Column: Default {
    /// What a row holds for this column.
    type Value<'a>;
    /// Adds one row's value.
    fn push(&mut self, value: Self::Value<'_>);
    /// The rows so far as an Arrow array; the column is empty afterwards.
    fn finish(&mut self) -> ArrayRef;
    /// The Arrow type of the array.
    fn data_type() -> DataType;
}

/// An empty vector with room for as much as `full` held: the next batch is about as large.
fn again<T>(full: &mut Vec<T>) -> Vec<T> {
    let empty = Vec::with_capacity(full.len());
    std::mem::replace(full, empty)
}

/// A bit for each row.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    rows: usize,
}

impl Bits {
    #[inline]
    fn push(&mut self, bit: bool) {
        let place = self.rows % 8;
        match self.bytes.last_mut() {
            Some(last) if place > 0 => *last |= u8::from(bit) << place,
            _ => self.bytes.push(u8::from(bit)),
        }
        self.rows += 1;
    }

    fn finish(&mut self) -> BooleanBuffer {
        BooleanBuffer::new(Buffer::from_vec(again(&mut self.bytes)), 0, std::mem::take(&mut self.rows))
    }
}

/// Which rows have a value. Most columns have one in every row: bits are made once a row has none.
#[derive(Default)]
struct Presence {
    rows: usize,
    bits: Option<Bits>,
}

impl Presence {
    #[inline]
    fn push(&mut self, present: bool) {
        if !present || self.bits.is_some() {
            self.note(present);
        }
        self.rows += 1;
    }

    fn note(&mut self, present: bool) {
        let rows = self.rows;
        let bits = self.bits.get_or_insert_with(|| {
            let mut bytes = vec![0xff; rows.div_ceil(8)];
            if let Some(last) = bytes.last_mut().filter(|_| !rows.is_multiple_of(8)) {
                *last = 0xff >> (8 - rows % 8);
            }
            Bits { bytes, rows }
        });
        bits.push(present);
    }

    /// `None`: all rows have a value.
    fn finish(&mut self) -> Option<NullBuffer> {
        self.rows = 0;
        self.bits.take().map(|mut bits| NullBuffer::new(bits.finish()))
    }
}

struct Numbers<T: ArrowPrimitiveType> {
    values: Vec<T::Native>,
    present: Presence,
}

impl<T: ArrowPrimitiveType> Default for Numbers<T> {
    fn default() -> Self {
        Self { values: Vec::new(), present: Presence::default() }
    }
}

impl<T: ArrowPrimitiveType> Numbers<T> {
    #[inline]
    fn push(&mut self, value: Option<T::Native>) {
        self.values.push(value.unwrap_or_default());
        self.present.push(value.is_some());
    }

    fn finish(&mut self) -> PrimitiveArray<T> {
        PrimitiveArray::new(ScalarBuffer::from(again(&mut self.values)), self.present.finish())
    }
}

macro_rules! scalar {
    ($name:ident, $doc:literal, $value:ty, $native:ty, $type:expr, $convert:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name(Numbers<$native>);
        impl Column for $name {
            type Value<'a> = Option<$value>;
            #[inline]
            fn push(&mut self, value: Self::Value<'_>) {
                self.0.push(value.map($convert));
            }
            fn finish(&mut self) -> ArrayRef {
                Arc::new(self.0.finish())
            }
            fn data_type() -> DataType {
                $type
            }
        }
    };
}

scalar!(Long, "64-bit whole numbers.", i64, Int64Type, DataType::Int64, |v| v);
scalar!(Port, "Port numbers.", u16, Int32Type, DataType::Int32, i32::from);
scalar!(Float, "Real numbers.", f64, Float64Type, DataType::Float64, |v| v);

/// Truth values.
#[derive(Default)]
pub struct Boolean {
    values: Bits,
    present: Presence,
}

impl Column for Boolean {
    type Value<'a> = Option<bool>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.values.push(value.unwrap_or_default());
        self.present.push(value.is_some());
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(BooleanArray::new(self.values.finish(), self.present.finish()))
    }
    fn data_type() -> DataType {
        DataType::Boolean
    }
}

/// Where the values of each row end, in a column whose rows are of different length.
struct Ends(Vec<i32>);

impl Default for Ends {
    fn default() -> Self {
        Self(vec![0])
    }
}

impl Ends {
    #[inline]
    fn push(&mut self, end: usize) {
        // Whoever adds values refuses what would not fit.
        self.0.push(i32::try_from(end).unwrap_or(i32::MAX));
    }

    fn finish(&mut self) -> OffsetBuffer<i32> {
        let ends = again(&mut self.0);
        self.0.push(0);
        OffsetBuffer::new(ScalarBuffer::from(ends))
    }
}

/// Text of all rows, one behind the other. Only whole `str` get in.
#[derive(Default)]
struct Text {
    ends: Ends,
    bytes: Vec<u8>,
    present: Presence,
}

impl Text {
    /// Adds a row; what Arrow could no longer address (2 GiB in one batch) is left out.
    #[inline]
    fn push(&mut self, value: Option<&str>) {
        let value = value.filter(|text| i32::try_from(self.bytes.len() + text.len()).is_ok());
        self.bytes.extend_from_slice(value.unwrap_or_default().as_bytes());
        self.ends.push(self.bytes.len());
        self.present.push(value.is_some());
    }

    fn push_address(&mut self, address: IpAddr) {
        match address {
            IpAddr::V4(address) if i32::try_from(self.bytes.len() + DOTTED_MAX).is_ok() => {
                push_dotted(address.octets(), &mut self.bytes);
                self.ends.push(self.bytes.len());
                self.present.push(true);
            }
            address => {
                let mut text = [0; ADDRESS_MAX];
                let mut rest = &mut text[..];
                // The longest address fits.
                let _ = write!(rest, "{address}");
                let length = ADDRESS_MAX - rest.len();
                self.push(std::str::from_utf8(&text[..length]).ok());
            }
        }
    }

    fn finish(&mut self) -> StringArray {
        let (ends, bytes) = (self.ends.finish(), Buffer::from_vec(again(&mut self.bytes)));
        // SAFETY: `push` appends whole `str` and notes where each ends, within what an offset can hold.
        unsafe { StringArray::new_unchecked(ends, bytes, self.present.finish()) }
    }
}

/// Text; bytes that are not UTF-8 have been escaped by [`crate::text::lossless`].
#[derive(Default)]
pub struct Keyword(Text);

impl Column for Keyword {
    type Value<'a> = Option<&'a str>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.push(value);
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Addresses, written as text straight into the column.
#[derive(Default)]
pub struct Ip(Text);

impl Column for Ip {
    type Value<'a> = Option<IpAddr>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        match value {
            Some(address) => self.0.push_address(address),
            None => self.0.push(None),
        }
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
    fn data_type() -> DataType {
        DataType::Utf8
    }
}

/// Letters of the longest address: an IPv4 one mapped into IPv6.
const ADDRESS_MAX: usize = 45;

/// Letters of the longest IPv4 address with a point behind it.
const DOTTED_MAX: usize = 16;

/// Each octet as text with a point behind it, and its length.
static OCTETS: [([u8; 4], u8); 256] = octets();

const fn octets() -> [([u8; 4], u8); 256] {
    let mut all = [([b'.'; 4], 0); 256];
    let mut octet = 0_u8;
    loop {
        let digits = [b'0' + octet / 100, b'0' + octet / 10 % 10, b'0' + octet % 10];
        let length = 1 + (octet >= 10) as u8 + (octet >= 100) as u8;
        let mut place = 0;
        while place < length {
            all[octet as usize].0[place as usize] = digits[(3 - length + place) as usize];
            place += 1;
        }
        all[octet as usize].1 = length + 1;
        if octet == 255 {
            return all;
        }
        octet += 1;
    }
}

/// Adds an IPv4 address as text. Every event has two: the general formatter would cost more than the rest of the row.
/// Written four bytes at a time and where they stay: copying what was just written by single bytes would stall.
fn push_dotted(octets: [u8; 4], bytes: &mut Vec<u8>) {
    let begin = bytes.len();
    bytes.extend_from_slice(&[0; DOTTED_MAX]);
    let mut end = begin;
    for octet in octets {
        let (text, length) = OCTETS[usize::from(octet)];
        if let Some(place) = bytes.get_mut(end..end + 4) {
            place.copy_from_slice(&text);
        }
        end += usize::from(length);
    }
    bytes.truncate(end - 1);
}

/// Times in UTC, microseconds.
#[derive(Default)]
pub struct Date(Numbers<TimestampMicrosecondType>);

impl Column for Date {
    type Value<'a> = Option<Micros>;
    #[inline]
    fn push(&mut self, value: Self::Value<'_>) {
        self.0.push(value.map(|time| time.0));
    }
    fn finish(&mut self) -> ArrayRef {
        Arc::new(self.0.finish().with_timezone("UTC"))
    }
    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }
}

macro_rules! list {
    ($name:ident, $doc:literal, $item:ty, $values:ty, $type:expr, |$column:ident, $one:ident| $append:expr, |$full:ident| $length:expr) => {
        #[doc = $doc]
        #[derive(Default)]
        pub struct $name {
            ends: Ends,
            values: $values,
            present: Presence,
        }
        impl Column for $name {
            type Value<'a> = Option<&'a [$item]>;
            fn push(&mut self, value: Self::Value<'_>) {
                let $column = &mut self.values;
                for $one in value.unwrap_or_default() {
                    $append;
                }
                let $full = &self.values;
                self.ends.push($length);
                self.present.push(value.is_some());
            }
            fn finish(&mut self) -> ArrayRef {
                let field = Arc::new(Field::new_list_field($type, true));
                let values = Arc::new(self.values.finish());
                Arc::new(ListArray::new(field, self.ends.finish(), values, self.present.finish()))
            }
            fn data_type() -> DataType {
                DataType::List(Arc::new(Field::new_list_field($type, true)))
            }
        }
    };
}

list!(
    KeywordList,
    "Lists of text.",
    String,
    Text,
    DataType::Utf8,
    |values, one| values.push(Some(one)),
    |values| values.present.rows
);
list!(
    LongList,
    "Lists of whole numbers.",
    i64,
    Numbers<Int64Type>,
    DataType::Int64,
    |values, one| values.push(Some(*one)),
    |values| values.values.len()
);
list!(
    IpList,
    "Lists of addresses.",
    IpAddr,
    Text,
    DataType::Utf8,
    |values, one| values.push_address(*one),
    |values| values.present.rows
);

macro_rules! column_type {
    (keyword) => {
        $crate::events::columns::Keyword
    };
    (ip) => {
        $crate::events::columns::Ip
    };
    (long) => {
        $crate::events::columns::Long
    };
    (port) => {
        $crate::events::columns::Port
    };
    (float) => {
        $crate::events::columns::Float
    };
    (boolean) => {
        $crate::events::columns::Boolean
    };
    (date) => {
        $crate::events::columns::Date
    };
    (keyword_list) => {
        $crate::events::columns::KeywordList
    };
    (long_list) => {
        $crate::events::columns::LongList
    };
    (ip_list) => {
        $crate::events::columns::IpList
    };
}

/// Row and columns of one set of fields.
macro_rules! rows {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $row<'a> {
            $($(#[$field_doc])* pub $field: <$crate::events::columns::column_type!($kind) as $crate::events::columns::Column>::Value<'a>,)*
            /// Keeps the lifetime where no field borrows.
            pub life: std::marker::PhantomData<&'a ()>,
        }

        /// The columns that rows of this kind are pushed into.
        #[derive(Default)]
        pub struct $columns {
            $($field: $crate::events::columns::column_type!($kind),)*
        }

        impl $columns {
            #[inline]
            fn push(&mut self, row: &$row<'_>) {
                use $crate::events::columns::Column as _;
                $(self.$field.push(row.$field);)*
            }
            fn finish(&mut self, into: &mut Vec<arrow_array::ArrayRef>) {
                use $crate::events::columns::Column as _;
                $(into.push(self.$field.finish());)*
            }
            fn fields(into: &mut Vec<arrow_schema::Field>) {
                use $crate::events::columns::Column as _;
                $(into.push(arrow_schema::Field::new($name, <$crate::events::columns::column_type!($kind)>::data_type(), true));)*
            }
        }
    };
}

macro_rules! base {
    ($(#[$doc:meta])* $row:ident $columns:ident { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }
    };
}

macro_rules! dataset {
    ($(#[$doc:meta])* $row:ident $columns:ident $table:ident $name:literal { $($fields:tt)* }) => {
        $crate::events::columns::rows! { $(#[$doc])* $row $columns { $($fields)* } }

        impl $crate::events::Row for $row<'_> {
            const DATASET: &'static str = $name;
            #[inline]
            fn push(&self, base: &Base<'_>, events: &mut Events) {
                let table = events.$table.get_or_insert_default();
                table.base.push(base);
                table.own.push(self);
                table.rows += 1;
                events.rows += 1;
            }
        }
    };
}

macro_rules! datasets {
    ($($table:ident : $columns:ident $name:literal),* $(,)?) => {
        /// Rows of one dataset under construction.
        #[derive(Default)]
        struct Table<C> {
            base: BaseColumns,
            own: C,
            rows: usize,
        }

        /// Everything seen since the last [`Events::take`], one table a dataset.
        #[derive(Default)]
        pub struct Events {
            // Made when the first row comes: most sensors see a few of the datasets only.
            $($table: Option<Box<Table<$columns>>>,)*
            rows: usize,
        }

        impl Events {
            /// Rows held, all datasets together.
            #[must_use]
            pub fn rows(&self) -> usize {
                self.rows
            }

            /// The rows so far as one record batch a dataset that has any; starts anew.
            pub fn take(&mut self) -> Vec<(&'static str, arrow_array::RecordBatch)> {
                let mut batches = Vec::new();
                $(if let Some(table) = self.$table.as_deref_mut().filter(|table| table.rows > 0) {
                    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
                    BaseColumns::fields(&mut fields);
                    $columns::fields(&mut fields);
                    table.base.finish(&mut arrays);
                    table.own.finish(&mut arrays);
                    table.rows = 0;
                    let schema = std::sync::Arc::new(arrow_schema::Schema::new(fields));
                    let batch = arrow_array::RecordBatch::try_new(schema, arrays);
                    debug_assert!(batch.is_ok(), "columns of one table have one length");
                    if let Ok(batch) = batch {
                        batches.push(($name, batch));
                    }
                })*
                self.rows = 0;
                batches
            }
        }
    };
}

pub(crate) use {base, column_type, dataset, datasets, rows};

#[cfg(test)]
mod tests {
    use super::push_dotted;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    proptest! {
        #[test]
        fn addresses_are_written_as_the_library_does(octets: [u8; 4]) {
            let mut text = b"x".to_vec();
            push_dotted(octets, &mut text);
            prop_assert_eq!(String::from_utf8(text).unwrap(), format!("x{}", Ipv4Addr::from(octets)));
        }
    }
}
