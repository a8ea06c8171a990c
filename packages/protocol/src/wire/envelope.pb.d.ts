// Generated from envelope.proto by scripts/reference/generate-wire.ts: do not edit.
import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface Envelope {
    body: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace Envelope {
    const codec: () => Codec<Envelope>;
    interface EnvelopeBodyFieldEvent {
        field: '$.body';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EnvelopeSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Envelope>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Envelope>): Envelope;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Envelope>): Generator<EnvelopeBodyFieldEvent | EnvelopeSignatureFieldEvent>;
}
export interface Head {
    author: number;
    round: number;
}
export declare namespace Head {
    const codec: () => Codec<Head>;
    interface HeadAuthorFieldEvent {
        field: '$.author';
        value: number;
    }
    interface HeadRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    function encode(obj: Partial<Head>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Head>): Head;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Head>): Generator<HeadAuthorFieldEvent | HeadRoundFieldEvent>;
}
export interface Body {
    author: number;
    round: number;
    previous: Uint8Array<ArrayBuffer>;
    init?: Uint8Array<ArrayBuffer>;
    echoes: Vote[];
    readies: Vote[];
    estimates: Value[];
    coordinations: Value[];
    auxiliaries: Value[];
    checkpoint?: SignedCheckpoint;
    stagedInits: StagedInit[];
    stagedEchoes: StagedVote[];
    stagedReadies: StagedVote[];
    witnesses: Witness[];
    words: Word[];
}
export declare namespace Body {
    const codec: () => Codec<Body>;
    interface BodyAuthorFieldEvent {
        field: '$.author';
        value: number;
    }
    interface BodyRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    interface BodyPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array<ArrayBuffer>;
    }
    interface BodyInitFieldEvent {
        field: '$.init';
        value: Uint8Array<ArrayBuffer>;
    }
    interface BodyEchoesSenderFieldEvent {
        field: '$.echoes[].sender';
        value: number;
        index: number;
    }
    interface BodyEchoesDigestFieldEvent {
        field: '$.echoes[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyReadiesSenderFieldEvent {
        field: '$.readies[].sender';
        value: number;
        index: number;
    }
    interface BodyReadiesDigestFieldEvent {
        field: '$.readies[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyEstimatesInstanceFieldEvent {
        field: '$.estimates[].instance';
        value: number;
        index: number;
    }
    interface BodyEstimatesPhaseFieldEvent {
        field: '$.estimates[].phase';
        value: number;
        index: number;
    }
    interface BodyEstimatesValueFieldEvent {
        field: '$.estimates[].value';
        value: number;
        index: number;
    }
    interface BodyCoordinationsInstanceFieldEvent {
        field: '$.coordinations[].instance';
        value: number;
        index: number;
    }
    interface BodyCoordinationsPhaseFieldEvent {
        field: '$.coordinations[].phase';
        value: number;
        index: number;
    }
    interface BodyCoordinationsValueFieldEvent {
        field: '$.coordinations[].value';
        value: number;
        index: number;
    }
    interface BodyAuxiliariesInstanceFieldEvent {
        field: '$.auxiliaries[].instance';
        value: number;
        index: number;
    }
    interface BodyAuxiliariesPhaseFieldEvent {
        field: '$.auxiliaries[].phase';
        value: number;
        index: number;
    }
    interface BodyAuxiliariesValueFieldEvent {
        field: '$.auxiliaries[].value';
        value: number;
        index: number;
    }
    interface BodyCheckpointCheckpointFieldEvent {
        field: '$.checkpoint.checkpoint';
        value: Uint8Array<ArrayBuffer>;
    }
    interface BodyCheckpointSignatureFieldEvent {
        field: '$.checkpoint.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface BodyStagedInitsStageFieldEvent {
        field: '$.stagedInits[].stage';
        value: number;
        index: number;
    }
    interface BodyStagedInitsDigestFieldEvent {
        field: '$.stagedInits[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyStagedEchoesStageFieldEvent {
        field: '$.stagedEchoes[].stage';
        value: number;
        index: number;
    }
    interface BodyStagedEchoesSenderFieldEvent {
        field: '$.stagedEchoes[].sender';
        value: number;
        index: number;
    }
    interface BodyStagedEchoesDigestFieldEvent {
        field: '$.stagedEchoes[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyStagedReadiesStageFieldEvent {
        field: '$.stagedReadies[].stage';
        value: number;
        index: number;
    }
    interface BodyStagedReadiesSenderFieldEvent {
        field: '$.stagedReadies[].sender';
        value: number;
        index: number;
    }
    interface BodyStagedReadiesDigestFieldEvent {
        field: '$.stagedReadies[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyWitnessesStageFieldEvent {
        field: '$.witnesses[].stage';
        value: number;
        index: number;
    }
    interface BodyWitnessesMembersFieldEvent {
        field: '$.witnesses[].members';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface BodyWordsStageFieldEvent {
        field: '$.words[].stage';
        value: number;
        index: number;
    }
    interface BodyWordsContentFieldEvent {
        field: '$.words[].content';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<Body>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Body>): Body;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Body>): Generator<BodyAuthorFieldEvent | BodyRoundFieldEvent | BodyPreviousFieldEvent | BodyInitFieldEvent | BodyEchoesSenderFieldEvent | BodyEchoesDigestFieldEvent | BodyReadiesSenderFieldEvent | BodyReadiesDigestFieldEvent | BodyEstimatesInstanceFieldEvent | BodyEstimatesPhaseFieldEvent | BodyEstimatesValueFieldEvent | BodyCoordinationsInstanceFieldEvent | BodyCoordinationsPhaseFieldEvent | BodyCoordinationsValueFieldEvent | BodyAuxiliariesInstanceFieldEvent | BodyAuxiliariesPhaseFieldEvent | BodyAuxiliariesValueFieldEvent | BodyCheckpointCheckpointFieldEvent | BodyCheckpointSignatureFieldEvent | BodyStagedInitsStageFieldEvent | BodyStagedInitsDigestFieldEvent | BodyStagedEchoesStageFieldEvent | BodyStagedEchoesSenderFieldEvent | BodyStagedEchoesDigestFieldEvent | BodyStagedReadiesStageFieldEvent | BodyStagedReadiesSenderFieldEvent | BodyStagedReadiesDigestFieldEvent | BodyWitnessesStageFieldEvent | BodyWitnessesMembersFieldEvent | BodyWordsStageFieldEvent | BodyWordsContentFieldEvent>;
}
export interface StagedInit {
    stage: number;
    digest: Uint8Array<ArrayBuffer>;
}
export declare namespace StagedInit {
    const codec: () => Codec<StagedInit>;
    interface StagedInitStageFieldEvent {
        field: '$.stage';
        value: number;
    }
    interface StagedInitDigestFieldEvent {
        field: '$.digest';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<StagedInit>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StagedInit>): StagedInit;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StagedInit>): Generator<StagedInitStageFieldEvent | StagedInitDigestFieldEvent>;
}
export interface StagedVote {
    stage: number;
    sender: number;
    digest: Uint8Array<ArrayBuffer>;
}
export declare namespace StagedVote {
    const codec: () => Codec<StagedVote>;
    interface StagedVoteStageFieldEvent {
        field: '$.stage';
        value: number;
    }
    interface StagedVoteSenderFieldEvent {
        field: '$.sender';
        value: number;
    }
    interface StagedVoteDigestFieldEvent {
        field: '$.digest';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<StagedVote>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StagedVote>): StagedVote;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StagedVote>): Generator<StagedVoteStageFieldEvent | StagedVoteSenderFieldEvent | StagedVoteDigestFieldEvent>;
}
export interface Witness {
    stage: number;
    members: Uint8Array<ArrayBuffer>;
}
export declare namespace Witness {
    const codec: () => Codec<Witness>;
    interface WitnessStageFieldEvent {
        field: '$.stage';
        value: number;
    }
    interface WitnessMembersFieldEvent {
        field: '$.members';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Witness>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Witness>): Witness;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Witness>): Generator<WitnessStageFieldEvent | WitnessMembersFieldEvent>;
}
export interface Word {
    stage: number;
    content: Uint8Array<ArrayBuffer>;
}
export declare namespace Word {
    const codec: () => Codec<Word>;
    interface WordStageFieldEvent {
        field: '$.stage';
        value: number;
    }
    interface WordContentFieldEvent {
        field: '$.content';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Word>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Word>): Word;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Word>): Generator<WordStageFieldEvent | WordContentFieldEvent>;
}
export interface Vote {
    sender: number;
    digest: Uint8Array<ArrayBuffer>;
}
export declare namespace Vote {
    const codec: () => Codec<Vote>;
    interface VoteSenderFieldEvent {
        field: '$.sender';
        value: number;
    }
    interface VoteDigestFieldEvent {
        field: '$.digest';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Vote>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Vote>): Vote;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Vote>): Generator<VoteSenderFieldEvent | VoteDigestFieldEvent>;
}
export interface Value {
    instance: number;
    phase: number;
    value: number;
}
export declare namespace Value {
    const codec: () => Codec<Value>;
    interface ValueInstanceFieldEvent {
        field: '$.instance';
        value: number;
    }
    interface ValuePhaseFieldEvent {
        field: '$.phase';
        value: number;
    }
    interface ValueValueFieldEvent {
        field: '$.value';
        value: number;
    }
    function encode(obj: Partial<Value>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Value>): Value;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Value>): Generator<ValueInstanceFieldEvent | ValuePhaseFieldEvent | ValueValueFieldEvent>;
}
export interface SignedCheckpoint {
    checkpoint: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace SignedCheckpoint {
    const codec: () => Codec<SignedCheckpoint>;
    interface SignedCheckpointCheckpointFieldEvent {
        field: '$.checkpoint';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SignedCheckpointSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<SignedCheckpoint>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedCheckpoint>): SignedCheckpoint;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedCheckpoint>): Generator<SignedCheckpointCheckpointFieldEvent | SignedCheckpointSignatureFieldEvent>;
}
export interface Checkpoint {
    round: number;
    previous: Uint8Array<ArrayBuffer>;
    members: Vote[];
    rule: string;
    model: Uint8Array<ArrayBuffer>;
    out: Uint8Array<ArrayBuffer>;
    standing: Uint8Array<ArrayBuffer>;
    filters: Uint8Array<ArrayBuffer>;
    pauses: Uint8Array<ArrayBuffer>;
}
export declare namespace Checkpoint {
    const codec: () => Codec<Checkpoint>;
    interface CheckpointRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    interface CheckpointPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CheckpointMembersSenderFieldEvent {
        field: '$.members[].sender';
        value: number;
        index: number;
    }
    interface CheckpointMembersDigestFieldEvent {
        field: '$.members[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface CheckpointRuleFieldEvent {
        field: '$.rule';
        value: string;
    }
    interface CheckpointModelFieldEvent {
        field: '$.model';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CheckpointOutFieldEvent {
        field: '$.out';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CheckpointStandingFieldEvent {
        field: '$.standing';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CheckpointFiltersFieldEvent {
        field: '$.filters';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CheckpointPausesFieldEvent {
        field: '$.pauses';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Checkpoint>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Checkpoint>): Checkpoint;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Checkpoint>): Generator<CheckpointRoundFieldEvent | CheckpointPreviousFieldEvent | CheckpointMembersSenderFieldEvent | CheckpointMembersDigestFieldEvent | CheckpointRuleFieldEvent | CheckpointModelFieldEvent | CheckpointOutFieldEvent | CheckpointStandingFieldEvent | CheckpointFiltersFieldEvent | CheckpointPausesFieldEvent>;
}
export interface Standing {
    weights: number[];
    vouches: Uint8Array<ArrayBuffer>;
    left: Uint8Array<ArrayBuffer>;
}
export declare namespace Standing {
    const codec: () => Codec<Standing>;
    interface StandingWeightsFieldEvent {
        field: '$.weights[]';
        index: number;
        value: number;
    }
    interface StandingVouchesFieldEvent {
        field: '$.vouches';
        value: Uint8Array<ArrayBuffer>;
    }
    interface StandingLeftFieldEvent {
        field: '$.left';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Standing>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Standing>): Standing;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Standing>): Generator<StandingWeightsFieldEvent | StandingVouchesFieldEvent | StandingLeftFieldEvent>;
}
export interface Certificate {
    checkpoint: Uint8Array<ArrayBuffer>;
    signatures: Signature[];
}
export declare namespace Certificate {
    const codec: () => Codec<Certificate>;
    interface CertificateCheckpointFieldEvent {
        field: '$.checkpoint';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CertificateSignaturesSignerFieldEvent {
        field: '$.signatures[].signer';
        value: number;
        index: number;
    }
    interface CertificateSignaturesSignatureFieldEvent {
        field: '$.signatures[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<Certificate>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Certificate>): Certificate;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Certificate>): Generator<CertificateCheckpointFieldEvent | CertificateSignaturesSignerFieldEvent | CertificateSignaturesSignatureFieldEvent>;
}
export interface Signature {
    signer: number;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace Signature {
    const codec: () => Codec<Signature>;
    interface SignatureSignerFieldEvent {
        field: '$.signer';
        value: number;
    }
    interface SignatureSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Signature>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signature>): Signature;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signature>): Generator<SignatureSignerFieldEvent | SignatureSignatureFieldEvent>;
}
export interface Evidence {
    network: Uint8Array<ArrayBuffer>;
    envelopes: Uint8Array<ArrayBuffer>[];
    certificates: Uint8Array<ArrayBuffer>[];
}
export declare namespace Evidence {
    const codec: () => Codec<Evidence>;
    interface EvidenceNetworkFieldEvent {
        field: '$.network';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EvidenceEnvelopesFieldEvent {
        field: '$.envelopes[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface EvidenceCertificatesFieldEvent {
        field: '$.certificates[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Evidence>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Evidence>): Evidence;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Evidence>): Generator<EvidenceNetworkFieldEvent | EvidenceEnvelopesFieldEvent | EvidenceCertificatesFieldEvent>;
}
export interface Ask {
    locator: Link[];
    held: Uint8Array<ArrayBuffer>[];
}
export declare namespace Ask {
    const codec: () => Codec<Ask>;
    interface AskLocatorRoundFieldEvent {
        field: '$.locator[].round';
        value: number;
        index: number;
    }
    interface AskLocatorDigestFieldEvent {
        field: '$.locator[].digest';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AskHeldFieldEvent {
        field: '$.held[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Ask>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ask>): Ask;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ask>): Generator<AskLocatorRoundFieldEvent | AskLocatorDigestFieldEvent | AskHeldFieldEvent>;
}
export interface Link {
    round: number;
    digest: Uint8Array<ArrayBuffer>;
}
export declare namespace Link {
    const codec: () => Codec<Link>;
    interface LinkRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    interface LinkDigestFieldEvent {
        field: '$.digest';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Link>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Link>): Link;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Link>): Generator<LinkRoundFieldEvent | LinkDigestFieldEvent>;
}
export interface Answer {
    certificates: Uint8Array<ArrayBuffer>[];
    envelopes: Uint8Array<ArrayBuffer>[];
    round: number;
}
export declare namespace Answer {
    const codec: () => Codec<Answer>;
    interface AnswerCertificatesFieldEvent {
        field: '$.certificates[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface AnswerEnvelopesFieldEvent {
        field: '$.envelopes[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface AnswerRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    function encode(obj: Partial<Answer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Generator<AnswerCertificatesFieldEvent | AnswerEnvelopesFieldEvent | AnswerRoundFieldEvent>;
}
