/** Values of a query, by name; they never become part of its text. */
export interface QueryParameter {
  name: string;
  type: 'STRING' | 'INT64' | 'TIMESTAMP' | 'DATETIME' | 'DATE';
  value: string | readonly string[];
}

/** A query as the jobs API takes it. */
export interface Query {
  text: string;
  parameters: readonly QueryParameter[];
}

/** The JSON of `configuration.query` for a query. */
export function queryConfiguration({ text, parameters }: Query) {
  return { query: text, useLegacySql: false, parameterMode: 'NAMED', queryParameters: parameters.map(toJson) };
}

function toJson({ name, type, value }: QueryParameter) {
  if (typeof value === 'string') return { name, parameterType: { type }, parameterValue: { value } };
  return {
    name,
    parameterType: { type: 'ARRAY', arrayType: { type } },
    parameterValue: { arrayValues: value.map((each) => ({ value: each })) },
  };
}
