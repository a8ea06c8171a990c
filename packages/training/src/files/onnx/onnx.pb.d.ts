// Generated from onnx.proto by scripts/reference/generate-wire.ts: do not edit.
import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface ModelProto {
    irVersion: bigint;
    producerName: string;
    producerVersion: string;
    graph?: GraphProto;
    opsetImport: OperatorSetIdProto[];
    metadataProps: StringStringEntryProto[];
}
export declare namespace ModelProto {
    const codec: () => Codec<ModelProto>;
    interface ModelProtoIrVersionFieldEvent {
        field: '$.irVersion';
        value: bigint;
    }
    interface ModelProtoProducerNameFieldEvent {
        field: '$.producerName';
        value: string;
    }
    interface ModelProtoProducerVersionFieldEvent {
        field: '$.producerVersion';
        value: string;
    }
    interface ModelProtoGraphNodeInputFieldEvent {
        field: '$.graph.node[].input[]';
        index: number;
        value: string;
    }
    interface ModelProtoGraphNodeOutputFieldEvent {
        field: '$.graph.node[].output[]';
        index: number;
        value: string;
    }
    interface ModelProtoGraphNodeNameFieldEvent {
        field: '$.graph.node[].name';
        value: string;
        index: number;
    }
    interface ModelProtoGraphNodeOpTypeFieldEvent {
        field: '$.graph.node[].opType';
        value: string;
        index: number;
    }
    interface ModelProtoGraphNodeAttributeNameFieldEvent {
        field: '$.graph.node[].attribute[].name';
        value: string;
        index: number;
    }
    interface ModelProtoGraphNodeAttributeIFieldEvent {
        field: '$.graph.node[].attribute[].i';
        value: bigint;
        index: number;
    }
    interface ModelProtoGraphNodeAttributeSFieldEvent {
        field: '$.graph.node[].attribute[].s';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ModelProtoGraphNodeAttributeIntsFieldEvent {
        field: '$.graph.node[].attribute[].ints[]';
        index: number;
        value: bigint;
    }
    interface ModelProtoGraphNodeAttributeTypeFieldEvent {
        field: '$.graph.node[].attribute[].type';
        value: number;
        index: number;
    }
    interface ModelProtoGraphNameFieldEvent {
        field: '$.graph.name';
        value: string;
    }
    interface ModelProtoGraphInitializerDimsFieldEvent {
        field: '$.graph.initializer[].dims[]';
        index: number;
        value: bigint;
    }
    interface ModelProtoGraphInitializerDataTypeFieldEvent {
        field: '$.graph.initializer[].dataType';
        value: number;
        index: number;
    }
    interface ModelProtoGraphInitializerNameFieldEvent {
        field: '$.graph.initializer[].name';
        value: string;
        index: number;
    }
    interface ModelProtoGraphInitializerRawDataFieldEvent {
        field: '$.graph.initializer[].rawData';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface ModelProtoGraphInputNameFieldEvent {
        field: '$.graph.input[].name';
        value: string;
        index: number;
    }
    interface ModelProtoGraphInputTypeTensorTypeElemTypeFieldEvent {
        field: '$.graph.input[].type.tensorType.elemType';
        value: number;
        index: number;
    }
    interface ModelProtoGraphInputTypeTensorTypeShapeDimDimValueFieldEvent {
        field: '$.graph.input[].type.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface ModelProtoGraphInputTypeTensorTypeShapeDimDimParamFieldEvent {
        field: '$.graph.input[].type.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    interface ModelProtoGraphOutputNameFieldEvent {
        field: '$.graph.output[].name';
        value: string;
        index: number;
    }
    interface ModelProtoGraphOutputTypeTensorTypeElemTypeFieldEvent {
        field: '$.graph.output[].type.tensorType.elemType';
        value: number;
        index: number;
    }
    interface ModelProtoGraphOutputTypeTensorTypeShapeDimDimValueFieldEvent {
        field: '$.graph.output[].type.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface ModelProtoGraphOutputTypeTensorTypeShapeDimDimParamFieldEvent {
        field: '$.graph.output[].type.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    interface ModelProtoOpsetImportDomainFieldEvent {
        field: '$.opsetImport[].domain';
        value: string;
        index: number;
    }
    interface ModelProtoOpsetImportVersionFieldEvent {
        field: '$.opsetImport[].version';
        value: bigint;
        index: number;
    }
    interface ModelProtoMetadataPropsKeyFieldEvent {
        field: '$.metadataProps[].key';
        value: string;
        index: number;
    }
    interface ModelProtoMetadataPropsValueFieldEvent {
        field: '$.metadataProps[].value';
        value: string;
        index: number;
    }
    function encode(obj: Partial<ModelProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelProto>): ModelProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ModelProto>): Generator<ModelProtoIrVersionFieldEvent | ModelProtoProducerNameFieldEvent | ModelProtoProducerVersionFieldEvent | ModelProtoGraphNodeInputFieldEvent | ModelProtoGraphNodeOutputFieldEvent | ModelProtoGraphNodeNameFieldEvent | ModelProtoGraphNodeOpTypeFieldEvent | ModelProtoGraphNodeAttributeNameFieldEvent | ModelProtoGraphNodeAttributeIFieldEvent | ModelProtoGraphNodeAttributeSFieldEvent | ModelProtoGraphNodeAttributeIntsFieldEvent | ModelProtoGraphNodeAttributeTypeFieldEvent | ModelProtoGraphNameFieldEvent | ModelProtoGraphInitializerDimsFieldEvent | ModelProtoGraphInitializerDataTypeFieldEvent | ModelProtoGraphInitializerNameFieldEvent | ModelProtoGraphInitializerRawDataFieldEvent | ModelProtoGraphInputNameFieldEvent | ModelProtoGraphInputTypeTensorTypeElemTypeFieldEvent | ModelProtoGraphInputTypeTensorTypeShapeDimDimValueFieldEvent | ModelProtoGraphInputTypeTensorTypeShapeDimDimParamFieldEvent | ModelProtoGraphOutputNameFieldEvent | ModelProtoGraphOutputTypeTensorTypeElemTypeFieldEvent | ModelProtoGraphOutputTypeTensorTypeShapeDimDimValueFieldEvent | ModelProtoGraphOutputTypeTensorTypeShapeDimDimParamFieldEvent | ModelProtoOpsetImportDomainFieldEvent | ModelProtoOpsetImportVersionFieldEvent | ModelProtoMetadataPropsKeyFieldEvent | ModelProtoMetadataPropsValueFieldEvent>;
}
export interface OperatorSetIdProto {
    domain: string;
    version: bigint;
}
export declare namespace OperatorSetIdProto {
    const codec: () => Codec<OperatorSetIdProto>;
    interface OperatorSetIdProtoDomainFieldEvent {
        field: '$.domain';
        value: string;
    }
    interface OperatorSetIdProtoVersionFieldEvent {
        field: '$.version';
        value: bigint;
    }
    function encode(obj: Partial<OperatorSetIdProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OperatorSetIdProto>): OperatorSetIdProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OperatorSetIdProto>): Generator<OperatorSetIdProtoDomainFieldEvent | OperatorSetIdProtoVersionFieldEvent>;
}
export interface StringStringEntryProto {
    key: string;
    value: string;
}
export declare namespace StringStringEntryProto {
    const codec: () => Codec<StringStringEntryProto>;
    interface StringStringEntryProtoKeyFieldEvent {
        field: '$.key';
        value: string;
    }
    interface StringStringEntryProtoValueFieldEvent {
        field: '$.value';
        value: string;
    }
    function encode(obj: Partial<StringStringEntryProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StringStringEntryProto>): StringStringEntryProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StringStringEntryProto>): Generator<StringStringEntryProtoKeyFieldEvent | StringStringEntryProtoValueFieldEvent>;
}
export interface GraphProto {
    node: NodeProto[];
    name: string;
    initializer: TensorProto[];
    input: ValueInfoProto[];
    output: ValueInfoProto[];
}
export declare namespace GraphProto {
    const codec: () => Codec<GraphProto>;
    interface GraphProtoNodeInputFieldEvent {
        field: '$.node[].input[]';
        index: number;
        value: string;
    }
    interface GraphProtoNodeOutputFieldEvent {
        field: '$.node[].output[]';
        index: number;
        value: string;
    }
    interface GraphProtoNodeNameFieldEvent {
        field: '$.node[].name';
        value: string;
        index: number;
    }
    interface GraphProtoNodeOpTypeFieldEvent {
        field: '$.node[].opType';
        value: string;
        index: number;
    }
    interface GraphProtoNodeAttributeNameFieldEvent {
        field: '$.node[].attribute[].name';
        value: string;
        index: number;
    }
    interface GraphProtoNodeAttributeIFieldEvent {
        field: '$.node[].attribute[].i';
        value: bigint;
        index: number;
    }
    interface GraphProtoNodeAttributeSFieldEvent {
        field: '$.node[].attribute[].s';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface GraphProtoNodeAttributeIntsFieldEvent {
        field: '$.node[].attribute[].ints[]';
        index: number;
        value: bigint;
    }
    interface GraphProtoNodeAttributeTypeFieldEvent {
        field: '$.node[].attribute[].type';
        value: number;
        index: number;
    }
    interface GraphProtoNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface GraphProtoInitializerDimsFieldEvent {
        field: '$.initializer[].dims[]';
        index: number;
        value: bigint;
    }
    interface GraphProtoInitializerDataTypeFieldEvent {
        field: '$.initializer[].dataType';
        value: number;
        index: number;
    }
    interface GraphProtoInitializerNameFieldEvent {
        field: '$.initializer[].name';
        value: string;
        index: number;
    }
    interface GraphProtoInitializerRawDataFieldEvent {
        field: '$.initializer[].rawData';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface GraphProtoInputNameFieldEvent {
        field: '$.input[].name';
        value: string;
        index: number;
    }
    interface GraphProtoInputTypeTensorTypeElemTypeFieldEvent {
        field: '$.input[].type.tensorType.elemType';
        value: number;
        index: number;
    }
    interface GraphProtoInputTypeTensorTypeShapeDimDimValueFieldEvent {
        field: '$.input[].type.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface GraphProtoInputTypeTensorTypeShapeDimDimParamFieldEvent {
        field: '$.input[].type.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    interface GraphProtoOutputNameFieldEvent {
        field: '$.output[].name';
        value: string;
        index: number;
    }
    interface GraphProtoOutputTypeTensorTypeElemTypeFieldEvent {
        field: '$.output[].type.tensorType.elemType';
        value: number;
        index: number;
    }
    interface GraphProtoOutputTypeTensorTypeShapeDimDimValueFieldEvent {
        field: '$.output[].type.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface GraphProtoOutputTypeTensorTypeShapeDimDimParamFieldEvent {
        field: '$.output[].type.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    function encode(obj: Partial<GraphProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GraphProto>): GraphProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GraphProto>): Generator<GraphProtoNodeInputFieldEvent | GraphProtoNodeOutputFieldEvent | GraphProtoNodeNameFieldEvent | GraphProtoNodeOpTypeFieldEvent | GraphProtoNodeAttributeNameFieldEvent | GraphProtoNodeAttributeIFieldEvent | GraphProtoNodeAttributeSFieldEvent | GraphProtoNodeAttributeIntsFieldEvent | GraphProtoNodeAttributeTypeFieldEvent | GraphProtoNameFieldEvent | GraphProtoInitializerDimsFieldEvent | GraphProtoInitializerDataTypeFieldEvent | GraphProtoInitializerNameFieldEvent | GraphProtoInitializerRawDataFieldEvent | GraphProtoInputNameFieldEvent | GraphProtoInputTypeTensorTypeElemTypeFieldEvent | GraphProtoInputTypeTensorTypeShapeDimDimValueFieldEvent | GraphProtoInputTypeTensorTypeShapeDimDimParamFieldEvent | GraphProtoOutputNameFieldEvent | GraphProtoOutputTypeTensorTypeElemTypeFieldEvent | GraphProtoOutputTypeTensorTypeShapeDimDimValueFieldEvent | GraphProtoOutputTypeTensorTypeShapeDimDimParamFieldEvent>;
}
export interface NodeProto {
    input: string[];
    output: string[];
    name: string;
    opType: string;
    attribute: AttributeProto[];
}
export declare namespace NodeProto {
    const codec: () => Codec<NodeProto>;
    interface NodeProtoInputFieldEvent {
        field: '$.input[]';
        index: number;
        value: string;
    }
    interface NodeProtoOutputFieldEvent {
        field: '$.output[]';
        index: number;
        value: string;
    }
    interface NodeProtoNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface NodeProtoOpTypeFieldEvent {
        field: '$.opType';
        value: string;
    }
    interface NodeProtoAttributeNameFieldEvent {
        field: '$.attribute[].name';
        value: string;
        index: number;
    }
    interface NodeProtoAttributeIFieldEvent {
        field: '$.attribute[].i';
        value: bigint;
        index: number;
    }
    interface NodeProtoAttributeSFieldEvent {
        field: '$.attribute[].s';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface NodeProtoAttributeIntsFieldEvent {
        field: '$.attribute[].ints[]';
        index: number;
        value: bigint;
    }
    interface NodeProtoAttributeTypeFieldEvent {
        field: '$.attribute[].type';
        value: number;
        index: number;
    }
    function encode(obj: Partial<NodeProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NodeProto>): NodeProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NodeProto>): Generator<NodeProtoInputFieldEvent | NodeProtoOutputFieldEvent | NodeProtoNameFieldEvent | NodeProtoOpTypeFieldEvent | NodeProtoAttributeNameFieldEvent | NodeProtoAttributeIFieldEvent | NodeProtoAttributeSFieldEvent | NodeProtoAttributeIntsFieldEvent | NodeProtoAttributeTypeFieldEvent>;
}
export interface AttributeProto {
    name: string;
    i: bigint;
    s: Uint8Array<ArrayBuffer>;
    ints: bigint[];
    type: number;
}
export declare namespace AttributeProto {
    const codec: () => Codec<AttributeProto>;
    interface AttributeProtoNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface AttributeProtoIFieldEvent {
        field: '$.i';
        value: bigint;
    }
    interface AttributeProtoSFieldEvent {
        field: '$.s';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AttributeProtoIntsFieldEvent {
        field: '$.ints[]';
        index: number;
        value: bigint;
    }
    interface AttributeProtoTypeFieldEvent {
        field: '$.type';
        value: number;
    }
    function encode(obj: Partial<AttributeProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttributeProto>): AttributeProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttributeProto>): Generator<AttributeProtoNameFieldEvent | AttributeProtoIFieldEvent | AttributeProtoSFieldEvent | AttributeProtoIntsFieldEvent | AttributeProtoTypeFieldEvent>;
}
export interface TensorProto {
    dims: bigint[];
    dataType: number;
    name: string;
    rawData: Uint8Array<ArrayBuffer>;
}
export declare namespace TensorProto {
    const codec: () => Codec<TensorProto>;
    interface TensorProtoDimsFieldEvent {
        field: '$.dims[]';
        index: number;
        value: bigint;
    }
    interface TensorProtoDataTypeFieldEvent {
        field: '$.dataType';
        value: number;
    }
    interface TensorProtoNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface TensorProtoRawDataFieldEvent {
        field: '$.rawData';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<TensorProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorProto>): TensorProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorProto>): Generator<TensorProtoDimsFieldEvent | TensorProtoDataTypeFieldEvent | TensorProtoNameFieldEvent | TensorProtoRawDataFieldEvent>;
}
export interface ValueInfoProto {
    name: string;
    type?: TypeProto;
}
export declare namespace ValueInfoProto {
    const codec: () => Codec<ValueInfoProto>;
    interface ValueInfoProtoNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface ValueInfoProtoTypeTensorTypeElemTypeFieldEvent {
        field: '$.type.tensorType.elemType';
        value: number;
    }
    interface ValueInfoProtoTypeTensorTypeShapeDimDimValueFieldEvent {
        field: '$.type.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface ValueInfoProtoTypeTensorTypeShapeDimDimParamFieldEvent {
        field: '$.type.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    function encode(obj: Partial<ValueInfoProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ValueInfoProto>): ValueInfoProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ValueInfoProto>): Generator<ValueInfoProtoNameFieldEvent | ValueInfoProtoTypeTensorTypeElemTypeFieldEvent | ValueInfoProtoTypeTensorTypeShapeDimDimValueFieldEvent | ValueInfoProtoTypeTensorTypeShapeDimDimParamFieldEvent>;
}
export interface TypeProto {
    tensorType?: TensorTypeProto;
}
export declare namespace TypeProto {
    const codec: () => Codec<TypeProto>;
    interface TypeProtoTensorTypeElemTypeFieldEvent {
        field: '$.tensorType.elemType';
        value: number;
    }
    interface TypeProtoTensorTypeShapeDimDimValueFieldEvent {
        field: '$.tensorType.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface TypeProtoTensorTypeShapeDimDimParamFieldEvent {
        field: '$.tensorType.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    function encode(obj: Partial<TypeProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TypeProto>): TypeProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TypeProto>): Generator<TypeProtoTensorTypeElemTypeFieldEvent | TypeProtoTensorTypeShapeDimDimValueFieldEvent | TypeProtoTensorTypeShapeDimDimParamFieldEvent>;
}
export interface TensorTypeProto {
    elemType: number;
    shape?: TensorShapeProto;
}
export declare namespace TensorTypeProto {
    const codec: () => Codec<TensorTypeProto>;
    interface TensorTypeProtoElemTypeFieldEvent {
        field: '$.elemType';
        value: number;
    }
    interface TensorTypeProtoShapeDimDimValueFieldEvent {
        field: '$.shape.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface TensorTypeProtoShapeDimDimParamFieldEvent {
        field: '$.shape.dim[].dimParam';
        value: string;
        index: number;
    }
    function encode(obj: Partial<TensorTypeProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorTypeProto>): TensorTypeProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorTypeProto>): Generator<TensorTypeProtoElemTypeFieldEvent | TensorTypeProtoShapeDimDimValueFieldEvent | TensorTypeProtoShapeDimDimParamFieldEvent>;
}
export interface TensorShapeProto {
    dim: DimensionProto[];
}
export declare namespace TensorShapeProto {
    const codec: () => Codec<TensorShapeProto>;
    interface TensorShapeProtoDimDimValueFieldEvent {
        field: '$.dim[].dimValue';
        value: bigint;
        index: number;
    }
    interface TensorShapeProtoDimDimParamFieldEvent {
        field: '$.dim[].dimParam';
        value: string;
        index: number;
    }
    function encode(obj: Partial<TensorShapeProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorShapeProto>): TensorShapeProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TensorShapeProto>): Generator<TensorShapeProtoDimDimValueFieldEvent | TensorShapeProtoDimDimParamFieldEvent>;
}
export interface DimensionProto {
    dimValue?: bigint;
    dimParam?: string;
}
export declare namespace DimensionProto {
    const codec: () => Codec<DimensionProto>;
    interface DimensionProtoDimValueFieldEvent {
        field: '$.dimValue';
        value: bigint;
    }
    interface DimensionProtoDimParamFieldEvent {
        field: '$.dimParam';
        value: string;
    }
    function encode(obj: Partial<DimensionProto>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DimensionProto>): DimensionProto;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DimensionProto>): Generator<DimensionProtoDimValueFieldEvent | DimensionProtoDimParamFieldEvent>;
}
