// Generated from onnx.proto by scripts/reference/generate-wire.ts: do not edit.
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var ModelProto;
(function (ModelProto) {
    let _codec;
    ModelProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.irVersion != null && obj.irVersion !== 0n)) {
                    w.uint32(8);
                    w.int64(obj.irVersion);
                }
                if ((obj.producerName != null && obj.producerName !== '')) {
                    w.uint32(18);
                    w.string(obj.producerName);
                }
                if ((obj.producerVersion != null && obj.producerVersion !== '')) {
                    w.uint32(26);
                    w.string(obj.producerVersion);
                }
                if (obj.graph != null) {
                    w.uint32(58);
                    GraphProto.codec().encode(obj.graph, w);
                }
                if (obj.opsetImport != null && obj.opsetImport.length > 0) {
                    for (const value of obj.opsetImport) {
                        w.uint32(66);
                        OperatorSetIdProto.codec().encode(value, w);
                    }
                }
                if (obj.metadataProps != null && obj.metadataProps.length > 0) {
                    for (const value of obj.metadataProps) {
                        w.uint32(114);
                        StringStringEntryProto.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    irVersion: 0n,
                    producerName: '',
                    producerVersion: '',
                    opsetImport: [],
                    metadataProps: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.irVersion = reader.int64();
                            break;
                        }
                        case 2: {
                            obj.producerName = reader.string();
                            break;
                        }
                        case 3: {
                            obj.producerVersion = reader.string();
                            break;
                        }
                        case 7: {
                            obj.graph = GraphProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.graph
                            });
                            break;
                        }
                        case 8: {
                            if (opts.limits?.opsetImport != null && obj.opsetImport.length === opts.limits.opsetImport) {
                                throw new MaxLengthError('Decode error - repeated field "opsetImport" had too many elements');
                            }
                            obj.opsetImport.push(OperatorSetIdProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.opsetImport$
                            }));
                            break;
                        }
                        case 14: {
                            if (opts.limits?.metadataProps != null && obj.metadataProps.length === opts.limits.metadataProps) {
                                throw new MaxLengthError('Decode error - repeated field "metadataProps" had too many elements');
                            }
                            obj.metadataProps.push(StringStringEntryProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.metadataProps$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    opsetImport: 0,
                    metadataProps: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.irVersion`,
                                value: reader.int64()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.producerName`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.producerVersion`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 7: {
                            yield* GraphProto.codec().stream(reader, reader.uint32(), `${prefix}.graph`, {
                                limits: opts.limits?.graph
                            });
                            break;
                        }
                        case 8: {
                            if (opts.limits?.opsetImport != null && obj.opsetImport === opts.limits.opsetImport) {
                                throw new MaxLengthError('Streaming decode error - repeated field "opsetImport" had too many elements');
                            }
                            for (const evt of OperatorSetIdProto.codec().stream(reader, reader.uint32(), `${prefix}.opsetImport[]`, {
                                limits: opts.limits?.opsetImport$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.opsetImport
                                };
                            }
                            obj.opsetImport++;
                            break;
                        }
                        case 14: {
                            if (opts.limits?.metadataProps != null && obj.metadataProps === opts.limits.metadataProps) {
                                throw new MaxLengthError('Streaming decode error - repeated field "metadataProps" had too many elements');
                            }
                            for (const evt of StringStringEntryProto.codec().stream(reader, reader.uint32(), `${prefix}.metadataProps[]`, {
                                limits: opts.limits?.metadataProps$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.metadataProps
                                };
                            }
                            obj.metadataProps++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ModelProto.codec());
    }
    ModelProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ModelProto.codec(), opts);
    }
    ModelProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ModelProto.codec(), opts);
    }
    ModelProto.stream = stream;
})(ModelProto || (ModelProto = {}));
export var OperatorSetIdProto;
(function (OperatorSetIdProto) {
    let _codec;
    OperatorSetIdProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.domain != null && obj.domain !== '')) {
                    w.uint32(10);
                    w.string(obj.domain);
                }
                if ((obj.version != null && obj.version !== 0n)) {
                    w.uint32(16);
                    w.int64(obj.version);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    domain: '',
                    version: 0n
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.domain = reader.string();
                            break;
                        }
                        case 2: {
                            obj.version = reader.int64();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.domain`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.version`,
                                value: reader.int64()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, OperatorSetIdProto.codec());
    }
    OperatorSetIdProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OperatorSetIdProto.codec(), opts);
    }
    OperatorSetIdProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, OperatorSetIdProto.codec(), opts);
    }
    OperatorSetIdProto.stream = stream;
})(OperatorSetIdProto || (OperatorSetIdProto = {}));
export var StringStringEntryProto;
(function (StringStringEntryProto) {
    let _codec;
    StringStringEntryProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.key != null && obj.key !== '')) {
                    w.uint32(10);
                    w.string(obj.key);
                }
                if ((obj.value != null && obj.value !== '')) {
                    w.uint32(18);
                    w.string(obj.value);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    key: '',
                    value: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.key = reader.string();
                            break;
                        }
                        case 2: {
                            obj.value = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.key`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.value`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, StringStringEntryProto.codec());
    }
    StringStringEntryProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StringStringEntryProto.codec(), opts);
    }
    StringStringEntryProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, StringStringEntryProto.codec(), opts);
    }
    StringStringEntryProto.stream = stream;
})(StringStringEntryProto || (StringStringEntryProto = {}));
export var GraphProto;
(function (GraphProto) {
    let _codec;
    GraphProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.node != null && obj.node.length > 0) {
                    for (const value of obj.node) {
                        w.uint32(10);
                        NodeProto.codec().encode(value, w);
                    }
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(18);
                    w.string(obj.name);
                }
                if (obj.initializer != null && obj.initializer.length > 0) {
                    for (const value of obj.initializer) {
                        w.uint32(42);
                        TensorProto.codec().encode(value, w);
                    }
                }
                if (obj.input != null && obj.input.length > 0) {
                    for (const value of obj.input) {
                        w.uint32(90);
                        ValueInfoProto.codec().encode(value, w);
                    }
                }
                if (obj.output != null && obj.output.length > 0) {
                    for (const value of obj.output) {
                        w.uint32(98);
                        ValueInfoProto.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    node: [],
                    name: '',
                    initializer: [],
                    input: [],
                    output: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.node != null && obj.node.length === opts.limits.node) {
                                throw new MaxLengthError('Decode error - repeated field "node" had too many elements');
                            }
                            obj.node.push(NodeProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.node$
                            }));
                            break;
                        }
                        case 2: {
                            obj.name = reader.string();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.initializer != null && obj.initializer.length === opts.limits.initializer) {
                                throw new MaxLengthError('Decode error - repeated field "initializer" had too many elements');
                            }
                            obj.initializer.push(TensorProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.initializer$
                            }));
                            break;
                        }
                        case 11: {
                            if (opts.limits?.input != null && obj.input.length === opts.limits.input) {
                                throw new MaxLengthError('Decode error - repeated field "input" had too many elements');
                            }
                            obj.input.push(ValueInfoProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.input$
                            }));
                            break;
                        }
                        case 12: {
                            if (opts.limits?.output != null && obj.output.length === opts.limits.output) {
                                throw new MaxLengthError('Decode error - repeated field "output" had too many elements');
                            }
                            obj.output.push(ValueInfoProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.output$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    node: 0,
                    initializer: 0,
                    input: 0,
                    output: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.node != null && obj.node === opts.limits.node) {
                                throw new MaxLengthError('Streaming decode error - repeated field "node" had too many elements');
                            }
                            for (const evt of NodeProto.codec().stream(reader, reader.uint32(), `${prefix}.node[]`, {
                                limits: opts.limits?.node$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.node
                                };
                            }
                            obj.node++;
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.initializer != null && obj.initializer === opts.limits.initializer) {
                                throw new MaxLengthError('Streaming decode error - repeated field "initializer" had too many elements');
                            }
                            for (const evt of TensorProto.codec().stream(reader, reader.uint32(), `${prefix}.initializer[]`, {
                                limits: opts.limits?.initializer$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.initializer
                                };
                            }
                            obj.initializer++;
                            break;
                        }
                        case 11: {
                            if (opts.limits?.input != null && obj.input === opts.limits.input) {
                                throw new MaxLengthError('Streaming decode error - repeated field "input" had too many elements');
                            }
                            for (const evt of ValueInfoProto.codec().stream(reader, reader.uint32(), `${prefix}.input[]`, {
                                limits: opts.limits?.input$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.input
                                };
                            }
                            obj.input++;
                            break;
                        }
                        case 12: {
                            if (opts.limits?.output != null && obj.output === opts.limits.output) {
                                throw new MaxLengthError('Streaming decode error - repeated field "output" had too many elements');
                            }
                            for (const evt of ValueInfoProto.codec().stream(reader, reader.uint32(), `${prefix}.output[]`, {
                                limits: opts.limits?.output$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.output
                                };
                            }
                            obj.output++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GraphProto.codec());
    }
    GraphProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GraphProto.codec(), opts);
    }
    GraphProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, GraphProto.codec(), opts);
    }
    GraphProto.stream = stream;
})(GraphProto || (GraphProto = {}));
export var NodeProto;
(function (NodeProto) {
    let _codec;
    NodeProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.input != null && obj.input.length > 0) {
                    for (const value of obj.input) {
                        w.uint32(10);
                        w.string(value);
                    }
                }
                if (obj.output != null && obj.output.length > 0) {
                    for (const value of obj.output) {
                        w.uint32(18);
                        w.string(value);
                    }
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(26);
                    w.string(obj.name);
                }
                if ((obj.opType != null && obj.opType !== '')) {
                    w.uint32(34);
                    w.string(obj.opType);
                }
                if (obj.attribute != null && obj.attribute.length > 0) {
                    for (const value of obj.attribute) {
                        w.uint32(42);
                        AttributeProto.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    input: [],
                    output: [],
                    name: '',
                    opType: '',
                    attribute: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.input != null && obj.input.length === opts.limits.input) {
                                throw new MaxLengthError('Decode error - repeated field "input" had too many elements');
                            }
                            obj.input.push(reader.string());
                            break;
                        }
                        case 2: {
                            if (opts.limits?.output != null && obj.output.length === opts.limits.output) {
                                throw new MaxLengthError('Decode error - repeated field "output" had too many elements');
                            }
                            obj.output.push(reader.string());
                            break;
                        }
                        case 3: {
                            obj.name = reader.string();
                            break;
                        }
                        case 4: {
                            obj.opType = reader.string();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.attribute != null && obj.attribute.length === opts.limits.attribute) {
                                throw new MaxLengthError('Decode error - repeated field "attribute" had too many elements');
                            }
                            obj.attribute.push(AttributeProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.attribute$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    input: 0,
                    output: 0,
                    attribute: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.input != null && obj.input === opts.limits.input) {
                                throw new MaxLengthError('Streaming decode error - repeated field "input" had too many elements');
                            }
                            yield {
                                field: `${prefix}.input[]`,
                                index: obj.input,
                                value: reader.string()
                            };
                            obj.input++;
                            break;
                        }
                        case 2: {
                            if (opts.limits?.output != null && obj.output === opts.limits.output) {
                                throw new MaxLengthError('Streaming decode error - repeated field "output" had too many elements');
                            }
                            yield {
                                field: `${prefix}.output[]`,
                                index: obj.output,
                                value: reader.string()
                            };
                            obj.output++;
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.opType`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.attribute != null && obj.attribute === opts.limits.attribute) {
                                throw new MaxLengthError('Streaming decode error - repeated field "attribute" had too many elements');
                            }
                            for (const evt of AttributeProto.codec().stream(reader, reader.uint32(), `${prefix}.attribute[]`, {
                                limits: opts.limits?.attribute$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.attribute
                                };
                            }
                            obj.attribute++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, NodeProto.codec());
    }
    NodeProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, NodeProto.codec(), opts);
    }
    NodeProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, NodeProto.codec(), opts);
    }
    NodeProto.stream = stream;
})(NodeProto || (NodeProto = {}));
export var AttributeProto;
(function (AttributeProto) {
    let _codec;
    AttributeProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(10);
                    w.string(obj.name);
                }
                if ((obj.i != null && obj.i !== 0n)) {
                    w.uint32(24);
                    w.int64(obj.i);
                }
                if ((obj.s != null && obj.s.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.s);
                }
                if (obj.ints != null && obj.ints.length > 0) {
                    for (const value of obj.ints) {
                        w.uint32(64);
                        w.int64(value);
                    }
                }
                if ((obj.type != null && obj.type !== 0)) {
                    w.uint32(160);
                    w.int32(obj.type);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    name: '',
                    i: 0n,
                    s: uint8ArrayAlloc(0),
                    ints: [],
                    type: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.name = reader.string();
                            break;
                        }
                        case 3: {
                            obj.i = reader.int64();
                            break;
                        }
                        case 4: {
                            obj.s = reader.bytes();
                            break;
                        }
                        case 8: {
                            if (opts.limits?.ints != null && obj.ints.length === opts.limits.ints) {
                                throw new MaxLengthError('Decode error - repeated field "ints" had too many elements');
                            }
                            obj.ints.push(reader.int64());
                            break;
                        }
                        case 20: {
                            obj.type = reader.int32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    ints: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.i`,
                                value: reader.int64()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.s`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            if (opts.limits?.ints != null && obj.ints === opts.limits.ints) {
                                throw new MaxLengthError('Streaming decode error - repeated field "ints" had too many elements');
                            }
                            yield {
                                field: `${prefix}.ints[]`,
                                index: obj.ints,
                                value: reader.int64()
                            };
                            obj.ints++;
                            break;
                        }
                        case 20: {
                            yield {
                                field: `${prefix}.type`,
                                value: reader.int32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AttributeProto.codec());
    }
    AttributeProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AttributeProto.codec(), opts);
    }
    AttributeProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, AttributeProto.codec(), opts);
    }
    AttributeProto.stream = stream;
})(AttributeProto || (AttributeProto = {}));
export var TensorProto;
(function (TensorProto) {
    let _codec;
    TensorProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.dims != null && obj.dims.length > 0) {
                    for (const value of obj.dims) {
                        w.uint32(8);
                        w.int64(value);
                    }
                }
                if ((obj.dataType != null && obj.dataType !== 0)) {
                    w.uint32(16);
                    w.int32(obj.dataType);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(66);
                    w.string(obj.name);
                }
                if ((obj.rawData != null && obj.rawData.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.rawData);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    dims: [],
                    dataType: 0,
                    name: '',
                    rawData: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.dims != null && obj.dims.length === opts.limits.dims) {
                                throw new MaxLengthError('Decode error - repeated field "dims" had too many elements');
                            }
                            obj.dims.push(reader.int64());
                            break;
                        }
                        case 2: {
                            obj.dataType = reader.int32();
                            break;
                        }
                        case 8: {
                            obj.name = reader.string();
                            break;
                        }
                        case 9: {
                            obj.rawData = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    dims: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.dims != null && obj.dims === opts.limits.dims) {
                                throw new MaxLengthError('Streaming decode error - repeated field "dims" had too many elements');
                            }
                            yield {
                                field: `${prefix}.dims[]`,
                                index: obj.dims,
                                value: reader.int64()
                            };
                            obj.dims++;
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.dataType`,
                                value: reader.int32()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.rawData`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TensorProto.codec());
    }
    TensorProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TensorProto.codec(), opts);
    }
    TensorProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TensorProto.codec(), opts);
    }
    TensorProto.stream = stream;
})(TensorProto || (TensorProto = {}));
export var ValueInfoProto;
(function (ValueInfoProto) {
    let _codec;
    ValueInfoProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(10);
                    w.string(obj.name);
                }
                if (obj.type != null) {
                    w.uint32(18);
                    TypeProto.codec().encode(obj.type, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    name: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.name = reader.string();
                            break;
                        }
                        case 2: {
                            obj.type = TypeProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.type
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield* TypeProto.codec().stream(reader, reader.uint32(), `${prefix}.type`, {
                                limits: opts.limits?.type
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ValueInfoProto.codec());
    }
    ValueInfoProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ValueInfoProto.codec(), opts);
    }
    ValueInfoProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ValueInfoProto.codec(), opts);
    }
    ValueInfoProto.stream = stream;
})(ValueInfoProto || (ValueInfoProto = {}));
export var TypeProto;
(function (TypeProto) {
    let _codec;
    TypeProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.tensorType != null) {
                    w.uint32(10);
                    TensorTypeProto.codec().encode(obj.tensorType, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.tensorType = TensorTypeProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.tensorType
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* TensorTypeProto.codec().stream(reader, reader.uint32(), `${prefix}.tensorType`, {
                                limits: opts.limits?.tensorType
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TypeProto.codec());
    }
    TypeProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TypeProto.codec(), opts);
    }
    TypeProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TypeProto.codec(), opts);
    }
    TypeProto.stream = stream;
})(TypeProto || (TypeProto = {}));
export var TensorTypeProto;
(function (TensorTypeProto) {
    let _codec;
    TensorTypeProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.elemType != null && obj.elemType !== 0)) {
                    w.uint32(8);
                    w.int32(obj.elemType);
                }
                if (obj.shape != null) {
                    w.uint32(18);
                    TensorShapeProto.codec().encode(obj.shape, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    elemType: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.elemType = reader.int32();
                            break;
                        }
                        case 2: {
                            obj.shape = TensorShapeProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.shape
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.elemType`,
                                value: reader.int32()
                            };
                            break;
                        }
                        case 2: {
                            yield* TensorShapeProto.codec().stream(reader, reader.uint32(), `${prefix}.shape`, {
                                limits: opts.limits?.shape
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TensorTypeProto.codec());
    }
    TensorTypeProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TensorTypeProto.codec(), opts);
    }
    TensorTypeProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TensorTypeProto.codec(), opts);
    }
    TensorTypeProto.stream = stream;
})(TensorTypeProto || (TensorTypeProto = {}));
export var TensorShapeProto;
(function (TensorShapeProto) {
    let _codec;
    TensorShapeProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.dim != null && obj.dim.length > 0) {
                    for (const value of obj.dim) {
                        w.uint32(10);
                        DimensionProto.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    dim: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.dim != null && obj.dim.length === opts.limits.dim) {
                                throw new MaxLengthError('Decode error - repeated field "dim" had too many elements');
                            }
                            obj.dim.push(DimensionProto.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.dim$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    dim: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.dim != null && obj.dim === opts.limits.dim) {
                                throw new MaxLengthError('Streaming decode error - repeated field "dim" had too many elements');
                            }
                            for (const evt of DimensionProto.codec().stream(reader, reader.uint32(), `${prefix}.dim[]`, {
                                limits: opts.limits?.dim$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.dim
                                };
                            }
                            obj.dim++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TensorShapeProto.codec());
    }
    TensorShapeProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TensorShapeProto.codec(), opts);
    }
    TensorShapeProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, TensorShapeProto.codec(), opts);
    }
    TensorShapeProto.stream = stream;
})(TensorShapeProto || (TensorShapeProto = {}));
export var DimensionProto;
(function (DimensionProto) {
    let _codec;
    DimensionProto.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.dimValue != null) {
                    w.uint32(8);
                    w.int64(obj.dimValue);
                }
                if (obj.dimParam != null) {
                    w.uint32(18);
                    w.string(obj.dimParam);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.dimValue = reader.int64();
                            break;
                        }
                        case 2: {
                            obj.dimParam = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.dimValue`,
                                value: reader.int64()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.dimParam`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, DimensionProto.codec());
    }
    DimensionProto.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, DimensionProto.codec(), opts);
    }
    DimensionProto.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, DimensionProto.codec(), opts);
    }
    DimensionProto.stream = stream;
})(DimensionProto || (DimensionProto = {}));
