import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { FunctionInfo, IndicatorInfo, RulesCheckReport, RulesCheckRequest } from '../../shared/rules.ts';
import { functionInfos, indicatorInfos, reportOnRules } from '../../strategies/rules/report.ts';
import { problems } from '../problems.ts';

/** The rules language: what it has, and what is wrong with an expression. */
export function rules() {
  return async (plain: FastifyInstance): Promise<void> => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['catalog'];

    const list = {
      tags,
      summary: 'Indicators and functions of the rules language',
      response: { 200: z.object({ items: z.array(IndicatorInfo), functions: z.array(FunctionInfo) }) },
    };
    const library = { items: indicatorInfos(), functions: functionInfos() };
    app.get('/indicators', { schema: list }, () => Promise.resolve(library));

    const check = {
      tags,
      summary: 'Check rules: every fault at once, with its place in the expression',
      body: RulesCheckRequest,
      response: { 200: RulesCheckReport, ...problems(400, 422) },
    };
    app.post('/strategies/check', { schema: check, config: { access: 'read' } }, (request) => {
      const { columns, ...spec } = request.body;
      return Promise.resolve(reportOnRules(spec, columns));
    });
  };
}
