// Generated from envelope.proto by scripts/reference/generate-wire.ts: do not edit.
import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var Envelope;
(function (Envelope) {
    let _codec;
    Envelope.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.body != null && obj.body.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.body);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    body: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.body = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
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
                                field: `${prefix}.body`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
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
        return encodeMessage(obj, Envelope.codec());
    }
    Envelope.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Envelope.codec(), opts);
    }
    Envelope.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Envelope.codec(), opts);
    }
    Envelope.stream = stream;
})(Envelope || (Envelope = {}));
export var Head;
(function (Head) {
    let _codec;
    Head.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.author != null && obj.author !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.author);
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.round);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    author: 0,
                    round: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.author = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.round = reader.uint32();
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
                                field: `${prefix}.author`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.round`,
                                value: reader.uint32()
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
        return encodeMessage(obj, Head.codec());
    }
    Head.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Head.codec(), opts);
    }
    Head.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Head.codec(), opts);
    }
    Head.stream = stream;
})(Head || (Head = {}));
export var Body;
(function (Body) {
    let _codec;
    Body.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.author != null && obj.author !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.author);
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.round);
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.previous);
                }
                if (obj.init != null) {
                    w.uint32(34);
                    w.bytes(obj.init);
                }
                if (obj.echoes != null && obj.echoes.length > 0) {
                    for (const value of obj.echoes) {
                        w.uint32(42);
                        Vote.codec().encode(value, w);
                    }
                }
                if (obj.readies != null && obj.readies.length > 0) {
                    for (const value of obj.readies) {
                        w.uint32(50);
                        Vote.codec().encode(value, w);
                    }
                }
                if (obj.estimates != null && obj.estimates.length > 0) {
                    for (const value of obj.estimates) {
                        w.uint32(58);
                        Value.codec().encode(value, w);
                    }
                }
                if (obj.coordinations != null && obj.coordinations.length > 0) {
                    for (const value of obj.coordinations) {
                        w.uint32(66);
                        Value.codec().encode(value, w);
                    }
                }
                if (obj.auxiliaries != null && obj.auxiliaries.length > 0) {
                    for (const value of obj.auxiliaries) {
                        w.uint32(74);
                        Value.codec().encode(value, w);
                    }
                }
                if (obj.checkpoint != null) {
                    w.uint32(82);
                    SignedCheckpoint.codec().encode(obj.checkpoint, w);
                }
                if (obj.stagedInits != null && obj.stagedInits.length > 0) {
                    for (const value of obj.stagedInits) {
                        w.uint32(90);
                        StagedInit.codec().encode(value, w);
                    }
                }
                if (obj.stagedEchoes != null && obj.stagedEchoes.length > 0) {
                    for (const value of obj.stagedEchoes) {
                        w.uint32(98);
                        StagedVote.codec().encode(value, w);
                    }
                }
                if (obj.stagedReadies != null && obj.stagedReadies.length > 0) {
                    for (const value of obj.stagedReadies) {
                        w.uint32(106);
                        StagedVote.codec().encode(value, w);
                    }
                }
                if (obj.witnesses != null && obj.witnesses.length > 0) {
                    for (const value of obj.witnesses) {
                        w.uint32(114);
                        Witness.codec().encode(value, w);
                    }
                }
                if (obj.words != null && obj.words.length > 0) {
                    for (const value of obj.words) {
                        w.uint32(122);
                        Word.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    author: 0,
                    round: 0,
                    previous: uint8ArrayAlloc(0),
                    echoes: [],
                    readies: [],
                    estimates: [],
                    coordinations: [],
                    auxiliaries: [],
                    stagedInits: [],
                    stagedEchoes: [],
                    stagedReadies: [],
                    witnesses: [],
                    words: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.author = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.round = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.previous = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.init = reader.bytes();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.echoes != null && obj.echoes.length === opts.limits.echoes) {
                                throw new MaxLengthError('Decode error - repeated field "echoes" had too many elements');
                            }
                            obj.echoes.push(Vote.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.echoes$
                            }));
                            break;
                        }
                        case 6: {
                            if (opts.limits?.readies != null && obj.readies.length === opts.limits.readies) {
                                throw new MaxLengthError('Decode error - repeated field "readies" had too many elements');
                            }
                            obj.readies.push(Vote.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.readies$
                            }));
                            break;
                        }
                        case 7: {
                            if (opts.limits?.estimates != null && obj.estimates.length === opts.limits.estimates) {
                                throw new MaxLengthError('Decode error - repeated field "estimates" had too many elements');
                            }
                            obj.estimates.push(Value.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.estimates$
                            }));
                            break;
                        }
                        case 8: {
                            if (opts.limits?.coordinations != null && obj.coordinations.length === opts.limits.coordinations) {
                                throw new MaxLengthError('Decode error - repeated field "coordinations" had too many elements');
                            }
                            obj.coordinations.push(Value.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.coordinations$
                            }));
                            break;
                        }
                        case 9: {
                            if (opts.limits?.auxiliaries != null && obj.auxiliaries.length === opts.limits.auxiliaries) {
                                throw new MaxLengthError('Decode error - repeated field "auxiliaries" had too many elements');
                            }
                            obj.auxiliaries.push(Value.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.auxiliaries$
                            }));
                            break;
                        }
                        case 10: {
                            obj.checkpoint = SignedCheckpoint.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.checkpoint
                            });
                            break;
                        }
                        case 11: {
                            if (opts.limits?.stagedInits != null && obj.stagedInits.length === opts.limits.stagedInits) {
                                throw new MaxLengthError('Decode error - repeated field "stagedInits" had too many elements');
                            }
                            obj.stagedInits.push(StagedInit.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.stagedInits$
                            }));
                            break;
                        }
                        case 12: {
                            if (opts.limits?.stagedEchoes != null && obj.stagedEchoes.length === opts.limits.stagedEchoes) {
                                throw new MaxLengthError('Decode error - repeated field "stagedEchoes" had too many elements');
                            }
                            obj.stagedEchoes.push(StagedVote.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.stagedEchoes$
                            }));
                            break;
                        }
                        case 13: {
                            if (opts.limits?.stagedReadies != null && obj.stagedReadies.length === opts.limits.stagedReadies) {
                                throw new MaxLengthError('Decode error - repeated field "stagedReadies" had too many elements');
                            }
                            obj.stagedReadies.push(StagedVote.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.stagedReadies$
                            }));
                            break;
                        }
                        case 14: {
                            if (opts.limits?.witnesses != null && obj.witnesses.length === opts.limits.witnesses) {
                                throw new MaxLengthError('Decode error - repeated field "witnesses" had too many elements');
                            }
                            obj.witnesses.push(Witness.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.witnesses$
                            }));
                            break;
                        }
                        case 15: {
                            if (opts.limits?.words != null && obj.words.length === opts.limits.words) {
                                throw new MaxLengthError('Decode error - repeated field "words" had too many elements');
                            }
                            obj.words.push(Word.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.words$
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
                    echoes: 0,
                    readies: 0,
                    estimates: 0,
                    coordinations: 0,
                    auxiliaries: 0,
                    stagedInits: 0,
                    stagedEchoes: 0,
                    stagedReadies: 0,
                    witnesses: 0,
                    words: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.author`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.round`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.previous`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.init`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.echoes != null && obj.echoes === opts.limits.echoes) {
                                throw new MaxLengthError('Streaming decode error - repeated field "echoes" had too many elements');
                            }
                            for (const evt of Vote.codec().stream(reader, reader.uint32(), `${prefix}.echoes[]`, {
                                limits: opts.limits?.echoes$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.echoes
                                };
                            }
                            obj.echoes++;
                            break;
                        }
                        case 6: {
                            if (opts.limits?.readies != null && obj.readies === opts.limits.readies) {
                                throw new MaxLengthError('Streaming decode error - repeated field "readies" had too many elements');
                            }
                            for (const evt of Vote.codec().stream(reader, reader.uint32(), `${prefix}.readies[]`, {
                                limits: opts.limits?.readies$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.readies
                                };
                            }
                            obj.readies++;
                            break;
                        }
                        case 7: {
                            if (opts.limits?.estimates != null && obj.estimates === opts.limits.estimates) {
                                throw new MaxLengthError('Streaming decode error - repeated field "estimates" had too many elements');
                            }
                            for (const evt of Value.codec().stream(reader, reader.uint32(), `${prefix}.estimates[]`, {
                                limits: opts.limits?.estimates$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.estimates
                                };
                            }
                            obj.estimates++;
                            break;
                        }
                        case 8: {
                            if (opts.limits?.coordinations != null && obj.coordinations === opts.limits.coordinations) {
                                throw new MaxLengthError('Streaming decode error - repeated field "coordinations" had too many elements');
                            }
                            for (const evt of Value.codec().stream(reader, reader.uint32(), `${prefix}.coordinations[]`, {
                                limits: opts.limits?.coordinations$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.coordinations
                                };
                            }
                            obj.coordinations++;
                            break;
                        }
                        case 9: {
                            if (opts.limits?.auxiliaries != null && obj.auxiliaries === opts.limits.auxiliaries) {
                                throw new MaxLengthError('Streaming decode error - repeated field "auxiliaries" had too many elements');
                            }
                            for (const evt of Value.codec().stream(reader, reader.uint32(), `${prefix}.auxiliaries[]`, {
                                limits: opts.limits?.auxiliaries$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.auxiliaries
                                };
                            }
                            obj.auxiliaries++;
                            break;
                        }
                        case 10: {
                            yield* SignedCheckpoint.codec().stream(reader, reader.uint32(), `${prefix}.checkpoint`, {
                                limits: opts.limits?.checkpoint
                            });
                            break;
                        }
                        case 11: {
                            if (opts.limits?.stagedInits != null && obj.stagedInits === opts.limits.stagedInits) {
                                throw new MaxLengthError('Streaming decode error - repeated field "stagedInits" had too many elements');
                            }
                            for (const evt of StagedInit.codec().stream(reader, reader.uint32(), `${prefix}.stagedInits[]`, {
                                limits: opts.limits?.stagedInits$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.stagedInits
                                };
                            }
                            obj.stagedInits++;
                            break;
                        }
                        case 12: {
                            if (opts.limits?.stagedEchoes != null && obj.stagedEchoes === opts.limits.stagedEchoes) {
                                throw new MaxLengthError('Streaming decode error - repeated field "stagedEchoes" had too many elements');
                            }
                            for (const evt of StagedVote.codec().stream(reader, reader.uint32(), `${prefix}.stagedEchoes[]`, {
                                limits: opts.limits?.stagedEchoes$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.stagedEchoes
                                };
                            }
                            obj.stagedEchoes++;
                            break;
                        }
                        case 13: {
                            if (opts.limits?.stagedReadies != null && obj.stagedReadies === opts.limits.stagedReadies) {
                                throw new MaxLengthError('Streaming decode error - repeated field "stagedReadies" had too many elements');
                            }
                            for (const evt of StagedVote.codec().stream(reader, reader.uint32(), `${prefix}.stagedReadies[]`, {
                                limits: opts.limits?.stagedReadies$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.stagedReadies
                                };
                            }
                            obj.stagedReadies++;
                            break;
                        }
                        case 14: {
                            if (opts.limits?.witnesses != null && obj.witnesses === opts.limits.witnesses) {
                                throw new MaxLengthError('Streaming decode error - repeated field "witnesses" had too many elements');
                            }
                            for (const evt of Witness.codec().stream(reader, reader.uint32(), `${prefix}.witnesses[]`, {
                                limits: opts.limits?.witnesses$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.witnesses
                                };
                            }
                            obj.witnesses++;
                            break;
                        }
                        case 15: {
                            if (opts.limits?.words != null && obj.words === opts.limits.words) {
                                throw new MaxLengthError('Streaming decode error - repeated field "words" had too many elements');
                            }
                            for (const evt of Word.codec().stream(reader, reader.uint32(), `${prefix}.words[]`, {
                                limits: opts.limits?.words$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.words
                                };
                            }
                            obj.words++;
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
        return encodeMessage(obj, Body.codec());
    }
    Body.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Body.codec(), opts);
    }
    Body.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Body.codec(), opts);
    }
    Body.stream = stream;
})(Body || (Body = {}));
export var StagedInit;
(function (StagedInit) {
    let _codec;
    StagedInit.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.stage != null && obj.stage !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.stage);
                }
                if ((obj.digest != null && obj.digest.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.digest);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    stage: 0,
                    digest: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.stage = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.digest = reader.bytes();
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
                                field: `${prefix}.stage`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.digest`,
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
        return encodeMessage(obj, StagedInit.codec());
    }
    StagedInit.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StagedInit.codec(), opts);
    }
    StagedInit.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, StagedInit.codec(), opts);
    }
    StagedInit.stream = stream;
})(StagedInit || (StagedInit = {}));
export var StagedVote;
(function (StagedVote) {
    let _codec;
    StagedVote.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.stage != null && obj.stage !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.stage);
                }
                if ((obj.sender != null && obj.sender !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.sender);
                }
                if ((obj.digest != null && obj.digest.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.digest);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    stage: 0,
                    sender: 0,
                    digest: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.stage = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.sender = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.digest = reader.bytes();
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
                                field: `${prefix}.stage`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.sender`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.digest`,
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
        return encodeMessage(obj, StagedVote.codec());
    }
    StagedVote.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StagedVote.codec(), opts);
    }
    StagedVote.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, StagedVote.codec(), opts);
    }
    StagedVote.stream = stream;
})(StagedVote || (StagedVote = {}));
export var Witness;
(function (Witness) {
    let _codec;
    Witness.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.stage != null && obj.stage !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.stage);
                }
                if ((obj.members != null && obj.members.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.members);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    stage: 0,
                    members: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.stage = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.members = reader.bytes();
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
                                field: `${prefix}.stage`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.members`,
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
        return encodeMessage(obj, Witness.codec());
    }
    Witness.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Witness.codec(), opts);
    }
    Witness.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Witness.codec(), opts);
    }
    Witness.stream = stream;
})(Witness || (Witness = {}));
export var Word;
(function (Word) {
    let _codec;
    Word.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.stage != null && obj.stage !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.stage);
                }
                if ((obj.content != null && obj.content.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.content);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    stage: 0,
                    content: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.stage = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.content = reader.bytes();
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
                                field: `${prefix}.stage`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.content`,
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
        return encodeMessage(obj, Word.codec());
    }
    Word.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Word.codec(), opts);
    }
    Word.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Word.codec(), opts);
    }
    Word.stream = stream;
})(Word || (Word = {}));
export var Vote;
(function (Vote) {
    let _codec;
    Vote.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sender != null && obj.sender !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.sender);
                }
                if ((obj.digest != null && obj.digest.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.digest);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sender: 0,
                    digest: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.sender = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.digest = reader.bytes();
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
                                field: `${prefix}.sender`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.digest`,
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
        return encodeMessage(obj, Vote.codec());
    }
    Vote.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Vote.codec(), opts);
    }
    Vote.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Vote.codec(), opts);
    }
    Vote.stream = stream;
})(Vote || (Vote = {}));
export var Value;
(function (Value) {
    let _codec;
    Value.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.instance != null && obj.instance !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.instance);
                }
                if ((obj.phase != null && obj.phase !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.phase);
                }
                if ((obj.value != null && obj.value !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.value);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    instance: 0,
                    phase: 0,
                    value: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.instance = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.phase = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.value = reader.uint32();
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
                                field: `${prefix}.instance`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.phase`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.value`,
                                value: reader.uint32()
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
        return encodeMessage(obj, Value.codec());
    }
    Value.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Value.codec(), opts);
    }
    Value.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Value.codec(), opts);
    }
    Value.stream = stream;
})(Value || (Value = {}));
export var SignedCheckpoint;
(function (SignedCheckpoint) {
    let _codec;
    SignedCheckpoint.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.checkpoint != null && obj.checkpoint.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.checkpoint);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    checkpoint: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.checkpoint = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
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
                                field: `${prefix}.checkpoint`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
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
        return encodeMessage(obj, SignedCheckpoint.codec());
    }
    SignedCheckpoint.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, SignedCheckpoint.codec(), opts);
    }
    SignedCheckpoint.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, SignedCheckpoint.codec(), opts);
    }
    SignedCheckpoint.stream = stream;
})(SignedCheckpoint || (SignedCheckpoint = {}));
export var Checkpoint;
(function (Checkpoint) {
    let _codec;
    Checkpoint.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.round);
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.previous);
                }
                if (obj.members != null && obj.members.length > 0) {
                    for (const value of obj.members) {
                        w.uint32(26);
                        Vote.codec().encode(value, w);
                    }
                }
                if ((obj.rule != null && obj.rule !== '')) {
                    w.uint32(34);
                    w.string(obj.rule);
                }
                if ((obj.model != null && obj.model.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.model);
                }
                if ((obj.out != null && obj.out.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.out);
                }
                if ((obj.standing != null && obj.standing.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.standing);
                }
                if ((obj.filters != null && obj.filters.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.filters);
                }
                if ((obj.pauses != null && obj.pauses.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.pauses);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    round: 0,
                    previous: uint8ArrayAlloc(0),
                    members: [],
                    rule: '',
                    model: uint8ArrayAlloc(0),
                    out: uint8ArrayAlloc(0),
                    standing: uint8ArrayAlloc(0),
                    filters: uint8ArrayAlloc(0),
                    pauses: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.round = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.previous = reader.bytes();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.members != null && obj.members.length === opts.limits.members) {
                                throw new MaxLengthError('Decode error - repeated field "members" had too many elements');
                            }
                            obj.members.push(Vote.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.members$
                            }));
                            break;
                        }
                        case 4: {
                            obj.rule = reader.string();
                            break;
                        }
                        case 5: {
                            obj.model = reader.bytes();
                            break;
                        }
                        case 6: {
                            obj.out = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.standing = reader.bytes();
                            break;
                        }
                        case 8: {
                            obj.filters = reader.bytes();
                            break;
                        }
                        case 9: {
                            obj.pauses = reader.bytes();
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
                    members: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.round`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.previous`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.members != null && obj.members === opts.limits.members) {
                                throw new MaxLengthError('Streaming decode error - repeated field "members" had too many elements');
                            }
                            for (const evt of Vote.codec().stream(reader, reader.uint32(), `${prefix}.members[]`, {
                                limits: opts.limits?.members$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.members
                                };
                            }
                            obj.members++;
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.rule`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.model`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.out`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.standing`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.filters`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.pauses`,
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
        return encodeMessage(obj, Checkpoint.codec());
    }
    Checkpoint.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Checkpoint.codec(), opts);
    }
    Checkpoint.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Checkpoint.codec(), opts);
    }
    Checkpoint.stream = stream;
})(Checkpoint || (Checkpoint = {}));
export var Standing;
(function (Standing) {
    let _codec;
    Standing.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.weights != null && obj.weights.length > 0) {
                    for (const value of obj.weights) {
                        w.uint32(8);
                        w.uint32(value);
                    }
                }
                if ((obj.vouches != null && obj.vouches.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.vouches);
                }
                if ((obj.left != null && obj.left.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.left);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    weights: [],
                    vouches: uint8ArrayAlloc(0),
                    left: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.weights != null && obj.weights.length === opts.limits.weights) {
                                throw new MaxLengthError('Decode error - repeated field "weights" had too many elements');
                            }
                            obj.weights.push(reader.uint32());
                            break;
                        }
                        case 2: {
                            obj.vouches = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.left = reader.bytes();
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
                    weights: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.weights != null && obj.weights === opts.limits.weights) {
                                throw new MaxLengthError('Streaming decode error - repeated field "weights" had too many elements');
                            }
                            yield {
                                field: `${prefix}.weights[]`,
                                index: obj.weights,
                                value: reader.uint32()
                            };
                            obj.weights++;
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.vouches`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.left`,
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
        return encodeMessage(obj, Standing.codec());
    }
    Standing.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Standing.codec(), opts);
    }
    Standing.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Standing.codec(), opts);
    }
    Standing.stream = stream;
})(Standing || (Standing = {}));
export var Certificate;
(function (Certificate) {
    let _codec;
    Certificate.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.checkpoint != null && obj.checkpoint.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.checkpoint);
                }
                if (obj.signatures != null && obj.signatures.length > 0) {
                    for (const value of obj.signatures) {
                        w.uint32(18);
                        Signature.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    checkpoint: uint8ArrayAlloc(0),
                    signatures: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.checkpoint = reader.bytes();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.signatures != null && obj.signatures.length === opts.limits.signatures) {
                                throw new MaxLengthError('Decode error - repeated field "signatures" had too many elements');
                            }
                            obj.signatures.push(Signature.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.signatures$
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
                    signatures: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.checkpoint`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.signatures != null && obj.signatures === opts.limits.signatures) {
                                throw new MaxLengthError('Streaming decode error - repeated field "signatures" had too many elements');
                            }
                            for (const evt of Signature.codec().stream(reader, reader.uint32(), `${prefix}.signatures[]`, {
                                limits: opts.limits?.signatures$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.signatures
                                };
                            }
                            obj.signatures++;
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
        return encodeMessage(obj, Certificate.codec());
    }
    Certificate.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Certificate.codec(), opts);
    }
    Certificate.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Certificate.codec(), opts);
    }
    Certificate.stream = stream;
})(Certificate || (Certificate = {}));
export var Signature;
(function (Signature) {
    let _codec;
    Signature.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.signer != null && obj.signer !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.signer);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    signer: 0,
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.signer = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
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
                                field: `${prefix}.signer`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
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
        return encodeMessage(obj, Signature.codec());
    }
    Signature.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Signature.codec(), opts);
    }
    Signature.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Signature.codec(), opts);
    }
    Signature.stream = stream;
})(Signature || (Signature = {}));
export var Evidence;
(function (Evidence) {
    let _codec;
    Evidence.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.network != null && obj.network.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.network);
                }
                if (obj.envelopes != null && obj.envelopes.length > 0) {
                    for (const value of obj.envelopes) {
                        w.uint32(18);
                        w.bytes(value);
                    }
                }
                if (obj.certificates != null && obj.certificates.length > 0) {
                    for (const value of obj.certificates) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    network: uint8ArrayAlloc(0),
                    envelopes: [],
                    certificates: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.network = reader.bytes();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.envelopes != null && obj.envelopes.length === opts.limits.envelopes) {
                                throw new MaxLengthError('Decode error - repeated field "envelopes" had too many elements');
                            }
                            obj.envelopes.push(reader.bytes());
                            break;
                        }
                        case 3: {
                            if (opts.limits?.certificates != null && obj.certificates.length === opts.limits.certificates) {
                                throw new MaxLengthError('Decode error - repeated field "certificates" had too many elements');
                            }
                            obj.certificates.push(reader.bytes());
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
                    envelopes: 0,
                    certificates: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.network`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.envelopes != null && obj.envelopes === opts.limits.envelopes) {
                                throw new MaxLengthError('Streaming decode error - repeated field "envelopes" had too many elements');
                            }
                            yield {
                                field: `${prefix}.envelopes[]`,
                                index: obj.envelopes,
                                value: reader.bytes()
                            };
                            obj.envelopes++;
                            break;
                        }
                        case 3: {
                            if (opts.limits?.certificates != null && obj.certificates === opts.limits.certificates) {
                                throw new MaxLengthError('Streaming decode error - repeated field "certificates" had too many elements');
                            }
                            yield {
                                field: `${prefix}.certificates[]`,
                                index: obj.certificates,
                                value: reader.bytes()
                            };
                            obj.certificates++;
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
        return encodeMessage(obj, Evidence.codec());
    }
    Evidence.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Evidence.codec(), opts);
    }
    Evidence.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Evidence.codec(), opts);
    }
    Evidence.stream = stream;
})(Evidence || (Evidence = {}));
export var Ask;
(function (Ask) {
    let _codec;
    Ask.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.locator != null && obj.locator.length > 0) {
                    for (const value of obj.locator) {
                        w.uint32(10);
                        Link.codec().encode(value, w);
                    }
                }
                if (obj.held != null && obj.held.length > 0) {
                    for (const value of obj.held) {
                        w.uint32(18);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    locator: [],
                    held: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.locator != null && obj.locator.length === opts.limits.locator) {
                                throw new MaxLengthError('Decode error - repeated field "locator" had too many elements');
                            }
                            obj.locator.push(Link.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.locator$
                            }));
                            break;
                        }
                        case 2: {
                            if (opts.limits?.held != null && obj.held.length === opts.limits.held) {
                                throw new MaxLengthError('Decode error - repeated field "held" had too many elements');
                            }
                            obj.held.push(reader.bytes());
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
                    locator: 0,
                    held: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.locator != null && obj.locator === opts.limits.locator) {
                                throw new MaxLengthError('Streaming decode error - repeated field "locator" had too many elements');
                            }
                            for (const evt of Link.codec().stream(reader, reader.uint32(), `${prefix}.locator[]`, {
                                limits: opts.limits?.locator$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.locator
                                };
                            }
                            obj.locator++;
                            break;
                        }
                        case 2: {
                            if (opts.limits?.held != null && obj.held === opts.limits.held) {
                                throw new MaxLengthError('Streaming decode error - repeated field "held" had too many elements');
                            }
                            yield {
                                field: `${prefix}.held[]`,
                                index: obj.held,
                                value: reader.bytes()
                            };
                            obj.held++;
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
        return encodeMessage(obj, Ask.codec());
    }
    Ask.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ask.codec(), opts);
    }
    Ask.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ask.codec(), opts);
    }
    Ask.stream = stream;
})(Ask || (Ask = {}));
export var Link;
(function (Link) {
    let _codec;
    Link.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.round);
                }
                if ((obj.digest != null && obj.digest.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.digest);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    round: 0,
                    digest: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.round = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.digest = reader.bytes();
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
                                field: `${prefix}.round`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.digest`,
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
        return encodeMessage(obj, Link.codec());
    }
    Link.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Link.codec(), opts);
    }
    Link.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Link.codec(), opts);
    }
    Link.stream = stream;
})(Link || (Link = {}));
export var Answer;
(function (Answer) {
    let _codec;
    Answer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.certificates != null && obj.certificates.length > 0) {
                    for (const value of obj.certificates) {
                        w.uint32(10);
                        w.bytes(value);
                    }
                }
                if (obj.envelopes != null && obj.envelopes.length > 0) {
                    for (const value of obj.envelopes) {
                        w.uint32(18);
                        w.bytes(value);
                    }
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.round);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    certificates: [],
                    envelopes: [],
                    round: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.certificates != null && obj.certificates.length === opts.limits.certificates) {
                                throw new MaxLengthError('Decode error - repeated field "certificates" had too many elements');
                            }
                            obj.certificates.push(reader.bytes());
                            break;
                        }
                        case 2: {
                            if (opts.limits?.envelopes != null && obj.envelopes.length === opts.limits.envelopes) {
                                throw new MaxLengthError('Decode error - repeated field "envelopes" had too many elements');
                            }
                            obj.envelopes.push(reader.bytes());
                            break;
                        }
                        case 3: {
                            obj.round = reader.uint32();
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
                    certificates: 0,
                    envelopes: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.certificates != null && obj.certificates === opts.limits.certificates) {
                                throw new MaxLengthError('Streaming decode error - repeated field "certificates" had too many elements');
                            }
                            yield {
                                field: `${prefix}.certificates[]`,
                                index: obj.certificates,
                                value: reader.bytes()
                            };
                            obj.certificates++;
                            break;
                        }
                        case 2: {
                            if (opts.limits?.envelopes != null && obj.envelopes === opts.limits.envelopes) {
                                throw new MaxLengthError('Streaming decode error - repeated field "envelopes" had too many elements');
                            }
                            yield {
                                field: `${prefix}.envelopes[]`,
                                index: obj.envelopes,
                                value: reader.bytes()
                            };
                            obj.envelopes++;
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.round`,
                                value: reader.uint32()
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
        return encodeMessage(obj, Answer.codec());
    }
    Answer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Answer.codec(), opts);
    }
    Answer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Answer.codec(), opts);
    }
    Answer.stream = stream;
})(Answer || (Answer = {}));
